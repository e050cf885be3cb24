package dev.tandem.mode;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listens, and remembers what it heard. */
public final class Heard implements ModeListener {

  private record Turn(ChangeId change, Step step) {}

  private final List<Turn> turns = new CopyOnWriteArrayList<>();

  @Override
  public void step(ChangeId change, String mode, Step step, String detail) {
    turns.add(new Turn(change, step));
  }

  @Override
  public void ended(ChangeId change, String mode, Outcome outcome, Duration took) {
    // reported by the caller of a room, not by the room
  }

  public List<Step> steps(ChangeId change) {
    return turns.stream().filter(turn -> turn.change().equals(change)).map(Turn::step).toList();
  }
}
