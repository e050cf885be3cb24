package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.xa.log.Anomaly;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The coordinator's API, as in {@code docs/internal-protocol.md}. */
@RestController
@InternalApi
@RequestMapping("/internal/xa/transactions")
class XaController {

  private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  record Begin(@Nullable String reference, @Nullable List<@Nullable String> participants) {}

  record Begun(String transaction, Map<String, String> branches, long expiresInMillis) {}

  record Commit(@Nullable Map<String, @Nullable Vote> votes) {}

  /**
   * @param untouched participants in which nothing of the transaction is left
   */
  record Rollback(@Nullable List<@Nullable String> untouched) {}

  record Answer(String transaction, Outcome outcome) {}

  record Overview(List<TransactionView> transactions, long inDoubt, List<Anomaly> anomalies) {}

  private final XaCoordinator coordinator;
  private final CoordinatorName name;
  private final Participants participants;

  XaController(XaCoordinator coordinator, CoordinatorName name, Participants participants) {
    this.coordinator = coordinator;
    this.name = name;
    this.participants = participants;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Begun begin(@RequestBody Begin request) {
    var transaction =
        coordinator.begin(reference(request.reference()), participants(request.participants()));
    var branches = new LinkedHashMap<String, String>();
    transaction.branches().forEach((who, branch) -> branches.put(who, branch.id().toString()));
    var left = coordinator.timeout().minus(transaction.age());
    return new Begun(transaction.id(), branches, Math.max(0, left.toMillis()));
  }

  private static String reference(@Nullable String given) {
    if (given == null || !REFERENCE.matcher(given).matches()) {
      throw ApiProblem.badField("reference", "must be 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'");
    }
    return given;
  }

  private List<Participant> participants(@Nullable List<@Nullable String> given) {
    if (given == null || given.isEmpty()) {
      throw ApiProblem.badField("participants", "must name at least one participant");
    }
    if (new LinkedHashSet<>(given).size() < given.size()) {
      throw ApiProblem.badField("participants", "names a participant twice");
    }
    return given.stream().map(name -> participant("participants", name)).toList();
  }

  private Participant participant(String field, @Nullable String given) {
    return participants
        .find(given)
        .orElseThrow(
            () ->
                ApiProblem.badField(
                    field, "'" + given + "' is not one of " + participants.names()));
  }

  @PostMapping("/{id}/commit")
  Answer commit(@PathVariable String id, @RequestBody Commit request) {
    return new Answer(id, coordinator.commit(own(id), votes(request.votes())));
  }

  private static Map<String, Vote> votes(@Nullable Map<String, @Nullable Vote> given) {
    var votes = new LinkedHashMap<String, Vote>();
    if (given != null) {
      given.forEach((who, vote) -> votes.put(who, vote(who, vote)));
    }
    return votes;
  }

  private static Vote vote(String who, @Nullable Vote given) {
    if (given == null) {
      throw ApiProblem.badField("votes." + who, "must be 'prepared' or 'rolled-back'");
    }
    return given;
  }

  @PostMapping("/{id}/rollback")
  Answer rollback(
      @PathVariable String id, @RequestBody(required = false) @Nullable Rollback request) {
    return new Answer(id, coordinator.rollback(own(id), untouched(request)));
  }

  private Set<String> untouched(@Nullable Rollback request) {
    var given = request == null ? null : request.untouched();
    return given == null
        ? Set.of()
        : given.stream()
            .map(name -> participant("untouched", name).name())
            .collect(Collectors.toSet());
  }

  @GetMapping("/{id}")
  TransactionView find(@PathVariable String id) {
    return coordinator.find(own(id));
  }

  @GetMapping
  Overview all() {
    var transactions = coordinator.all();
    long inDoubt = transactions.stream().filter(one -> one.outcome() == Outcome.DECIDED).count();
    return new Overview(transactions, inDoubt, coordinator.anomalies());
  }

  /** Of another coordinator's transactions we know nothing, and must not call them rolled back. */
  private String own(String id) {
    if (!name.made(id)) {
      throw ApiProblem.badField("transaction", id + " is not an id of coordinator " + name.text());
    }
    return id;
  }
}
