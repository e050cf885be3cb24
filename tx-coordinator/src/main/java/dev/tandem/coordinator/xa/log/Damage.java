package dev.tandem.coordinator.xa.log;

/** Bytes that had been forced are not what was written. */
final class Damage extends Exception {

  private static final long serialVersionUID = 1L;

  private final String sentence;

  Damage(long offset, String what) {
    super(what);
    this.sentence = "at offset " + offset + ": " + what;
  }

  String sentence() {
    return sentence;
  }
}
