package dev.tandem.mode.event;

/** Placeholder until the drive is here. */
final class EventMode {

  static final String NAME = "event";

  private EventMode() {}
}
