package dev.tandem.stack.crash;

import java.util.Locale;

/** What SQL shows of one change, in either database. */
record Traces(Mark owner, Mark copy) {

  enum Mark {
    /** Or refused: then it will never be there. */
    NOTHING,
    PREPARED,
    PENDING,
    COMMITTED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Traces NONE = new Traces(Mark.NOTHING, Mark.NOTHING);
  static final Traces BOTH_PREPARED = new Traces(Mark.PREPARED, Mark.PREPARED);
  static final Traces OWNER_PENDING = new Traces(Mark.PENDING, Mark.NOTHING);
  static final Traces BOTH_PENDING = new Traces(Mark.PENDING, Mark.PENDING);
  static final Traces BOTH_APPLIED = new Traces(Mark.COMMITTED, Mark.COMMITTED);

  @Override
  public String toString() {
    return "owner " + owner + ", copy " + copy;
  }
}
