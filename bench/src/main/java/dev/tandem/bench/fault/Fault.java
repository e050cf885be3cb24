package dev.tandem.bench.fault;

/** Something that can be done to the running stack. */
public interface Fault {
  /** Does it. Returns when it is there. */
  Healing strike();

  /** What it hits, for people: a part, or two with an arrow. */
  String part();
}
