package dev.tandem.stack.crash;

/** What SQL shows of one change. */
record Traces(
    boolean preparedByOwner,
    boolean preparedByCopy,
    boolean appliedByOwner,
    boolean appliedByCopy) {

  static final Traces NONE = new Traces(false, false, false, false);
  static final Traces BOTH_PREPARED = new Traces(true, true, false, false);
  static final Traces BOTH_APPLIED = new Traces(false, false, true, true);

  @Override
  public String toString() {
    return "owner "
        + words(preparedByOwner, appliedByOwner)
        + ", copy "
        + words(preparedByCopy, appliedByCopy);
  }

  private static String words(boolean prepared, boolean applied) {
    return prepared ? "prepared" : applied ? "committed" : "nothing";
  }
}
