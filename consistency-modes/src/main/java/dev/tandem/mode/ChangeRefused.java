package dev.tandem.mode;

/** A side refuses the change: a verdict, not a fault. The local transaction is rolled back. */
public final class ChangeRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public ChangeRefused(Refusal.Reason reason, String detail) {
    super(detail, null, false, false);
    this.refusal = new Refusal(reason, detail);
  }

  public Refusal refusal() {
    return refusal;
  }
}
