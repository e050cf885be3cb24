package dev.tandem.bench.plan;

/** A plan that cannot be carried out; the message names the file, the key and the cure. */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlanException(String message) {
    super(message);
  }
}
