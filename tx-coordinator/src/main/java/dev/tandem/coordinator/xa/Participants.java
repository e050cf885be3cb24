package dev.tandem.coordinator.xa;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Those who may take part, by configured name. Addresses never come from a caller. */
record Participants(List<Participant> all) {

  Participants {
    all = List.copyOf(all);
  }

  Optional<Participant> find(@Nullable String name) {
    return all.stream().filter(participant -> participant.name().equals(name)).findFirst();
  }

  List<String> names() {
    return all.stream().map(Participant::name).toList();
  }
}
