package dev.tandem.mode;

import java.time.Duration;
import java.util.List;

/** All listeners, to whom a room and its caller report as to one. */
public final class Audience {

  private final List<ModeListener> listeners;

  public Audience(List<ModeListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** As {@link ModeListener#step}. */
  public void step(ChangeId change, String mode, ModeListener.Step step, String detail) {
    listeners.forEach(listener -> listener.step(change, mode, step, detail));
  }

  /** As {@link ModeListener#ended}. */
  public void ended(ChangeId change, String mode, Outcome outcome, Duration took) {
    listeners.forEach(listener -> listener.ended(change, mode, outcome, took));
  }
}
