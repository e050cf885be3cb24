package dev.tandem.customer.limitchanges;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.Outcome;
import dev.tandem.mode.Refusal;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the tables know of one change. Anything but the id may be missing: a tombstone can be older
 * than what it is for.
 *
 * @param number place in the order of recording; 0 while nothing is recorded
 * @param version of an applied change, else null
 * @param refusal of a refused change, else null
 * @param pendingSince when it was written down as tentative; null if it never was
 * @param open somebody was promised an answer that is not final yet
 * @param ripe so old that no request can be working on it any more
 */
record LimitChange(
    ChangeId id,
    long number,
    @Nullable CustomerId customer,
    @Nullable String kind,
    @Nullable String mode,
    @Nullable CreditLimit creditLimit,
    @Nullable Long version,
    @Nullable Refusal refusal,
    @Nullable Instant requestedAt,
    @Nullable Instant recordedAt,
    @Nullable Instant pendingSince,
    boolean open,
    boolean ripe) {

  /** A change that has a branch here and nothing else yet: it ends by itself. */
  static LimitChange prepared(ChangeId id) {
    return new LimitChange(
        id, 0, null, null, null, null, null, null, null, null, null, true, false);
  }

  /** What follows from the own tables alone: they do not know whether the copy has confirmed. */
  Outcome outcome() {
    if (version != null) {
      return new Outcome.Applied(id, version, !open);
    }
    return refusal == null
        ? new Outcome.UnderWay(id)
        : new Outcome.Refused(id, refusal, pendingSince != null);
  }

  /** The change as it was opened; null if that was not noted. */
  @Nullable CreditLimitChange opened() {
    if (customer == null || kind == null || creditLimit == null || requestedAt == null) {
      return null;
    }
    var same = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
    return new CreditLimitChange(id, customer, same, creditLimit, null, null, requestedAt);
  }

  /** Whether the tables say all there ever will be to say. */
  boolean isFinal() {
    return !open && (refusal != null || version != null);
  }
}
