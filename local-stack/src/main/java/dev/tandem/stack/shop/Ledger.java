package dev.tandem.stack.shop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One credit account's life, replayed from the tables in the order of its own sequence: what was
 * approved, cancelled and limited, without comparing clocks.
 */
final class Ledger {

  /**
   * One entry.
   *
   * @param amount the order's total, or the limit
   * @param decidedOn what the order says stood then; null for other entries
   */
  record Entry(long sequence, Kind kind, BigDecimal amount, @Nullable Limits decidedOn) {}

  /**
   * The limit in force and the tentative one beside it.
   *
   * @param inForce null while nothing is known of it
   * @param tentative null if there is none
   */
  record Limits(@Nullable BigDecimal inForce, @Nullable BigDecimal tentative) {
    static final Limits UNKNOWN = new Limits(null, null);

    boolean agreeWith(Limits other) {
      return same(inForce, other.inForce) && same(tentative, other.tentative);
    }

    /** Without what is not known. */
    Limits or(Limits other) {
      return inForce == null ? new Limits(other.inForce, tentative) : this;
    }

    /** An order may be right whatever becomes of the tentative limit: the lower one counts. */
    boolean allow(BigDecimal exposure) {
      return (inForce == null || exposure.compareTo(inForce) <= 0)
          && (tentative == null || exposure.compareTo(tentative) <= 0);
    }

    /** By how much it is above the lower one of them; 0 if it is not. */
    BigDecimal excess(BigDecimal exposure) {
      return Stream.of(inForce, tentative)
          .filter(Objects::nonNull)
          .map(exposure::subtract)
          .reduce(BigDecimal.ZERO, BigDecimal::max);
    }

    private static boolean same(@Nullable BigDecimal one, @Nullable BigDecimal other) {
      return one == null || other == null ? one == other : one.compareTo(other) == 0;
    }
  }

  /** An account as it stands now. */
  record Account(long sequence, BigDecimal exposure, Limits limits) {
    /** One that is not there. */
    static final Account NONE = new Account(0, BigDecimal.ZERO, Limits.UNKNOWN);
  }

  enum Kind {
    APPROVED,
    REJECTED,
    CANCELLED,
    /** A limit was written down beside the one in force. */
    PLACED,
    /** A limit took force, the one that had been placed if there was one. */
    LIMIT,
    /** The placed limit was taken back. */
    TAKEN_BACK
  }

  private final String customer;
  private final List<Entry> entries = new ArrayList<>();

  Ledger(String customer) {
    this.customer = customer;
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  /**
   * One entry that breaks the rule.
   *
   * @param excess by how much the order is above its limit; 0 if something else is wrong
   */
  record Breach(String words, BigDecimal excess) {}

  /**
   * Recomputes rule R1 for every entry. An order that should not have been approved is open all the
   * same, so the replay goes on behind it; where anything else is wrong nobody knows what follows,
   * and it ends.
   *
   * @param account what the account itself says: its sequence is its last entry's, so that none can
   *     be missing
   * @return in the order of the entries; empty if the rule holds
   */
  List<Breach> breaches(Account account) {
    entries.sort(Comparator.comparingLong(Entry::sequence));
    var found = new ArrayList<Breach>();
    var exposure = BigDecimal.ZERO;
    var limits = Limits.UNKNOWN;
    long last = 0;
    for (var entry : entries) {
      if (entry.sequence() != last + 1) {
        found.add(breach(entry, "the entry before it is " + last));
        return found;
      }
      last = entry.sequence();
      switch (entry.kind()) {
        case PLACED -> limits = new Limits(limits.inForce(), entry.amount());
        case LIMIT -> limits = new Limits(entry.amount(), null);
        case TAKEN_BACK -> limits = new Limits(limits.inForce(), null);
        case CANCELLED -> exposure = exposure.subtract(entry.amount());
        case APPROVED, REJECTED -> {
          var said = Objects.requireNonNull(entry.decidedOn());
          limits = limits.or(said);
          if (!limits.agreeWith(said)) {
            found.add(breach(entry, "decided on " + said + ", there were " + limits));
            return found;
          }
          var demand = exposure.add(entry.amount());
          boolean approved = entry.kind() == Kind.APPROVED;
          if (limits.allow(demand) != approved) {
            var how = "exposure " + exposure + ", " + limits;
            found.add(new Breach(words(entry, how), limits.excess(demand)));
            if (!approved) {
              return found;
            }
          }
          exposure = approved ? demand : exposure;
        }
      }
    }
    boolean asTheAccountSays =
        last == account.sequence()
            && exposure.compareTo(account.exposure()) == 0
            && limits.or(account.limits()).agreeWith(account.limits());
    if (!asTheAccountSays) {
      var words =
          "%s: %d entries with open orders of %s and %s, but %s"
              .formatted(customer, last, exposure, limits, account);
      found.add(new Breach(words, BigDecimal.ZERO));
    }
    return found;
  }

  private Breach breach(Entry entry, String how) {
    return new Breach(words(entry, how), BigDecimal.ZERO);
  }

  private String words(Entry entry, String how) {
    return "%s, entry %d, %s %s: %s"
        .formatted(customer, entry.sequence(), entry.kind(), entry.amount(), how);
  }
}
