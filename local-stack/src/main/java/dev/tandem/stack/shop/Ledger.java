package dev.tandem.stack.shop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One credit account's life, replayed from the tables in the order of its own sequence: what was
 * approved, cancelled and limited, without comparing clocks.
 */
final class Ledger {

  /**
   * One entry.
   *
   * @param amount the order's total, or the new limit
   * @param limitAtDecision what the order says the limit was; null for other entries
   */
  record Entry(long sequence, Kind kind, BigDecimal amount, @Nullable BigDecimal limitAtDecision) {}

  /** An account as it stands now; one that is not there has neither. */
  record Account(long sequence, BigDecimal exposure) {
    static final Account NONE = new Account(0, BigDecimal.ZERO);
  }

  enum Kind {
    APPROVED,
    REJECTED,
    CANCELLED,
    LIMIT
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
   * Recomputes rule R1 for every entry.
   *
   * @param account what the account itself says: its sequence is its last entry's, so that none can
   *     be missing
   * @return the first entry that breaks it, in words
   */
  Optional<String> firstBreach(Account account) {
    entries.sort(Comparator.comparingLong(Entry::sequence));
    var exposure = BigDecimal.ZERO;
    BigDecimal limit = null;
    long last = 0;
    for (var entry : entries) {
      if (entry.sequence() != last + 1) {
        return breach(entry, "the entry before it is " + last);
      }
      last = entry.sequence();
      switch (entry.kind()) {
        case LIMIT -> limit = entry.amount();
        case CANCELLED -> exposure = exposure.subtract(entry.amount());
        case APPROVED, REJECTED -> {
          var inForce = limit == null ? entry.limitAtDecision() : limit;
          if (inForce == null || inForce.compareTo(entry.limitAtDecision()) != 0) {
            return breach(entry, "decided on " + entry.limitAtDecision() + ", in force " + inForce);
          }
          boolean fits = exposure.add(entry.amount()).compareTo(inForce) <= 0;
          if (fits != (entry.kind() == Kind.APPROVED)) {
            return breach(entry, "exposure " + exposure + ", limit " + inForce);
          }
          exposure = fits ? exposure.add(entry.amount()) : exposure;
        }
      }
    }
    return last == account.sequence() && exposure.compareTo(account.exposure()) == 0
        ? Optional.empty()
        : Optional.of(
            "%s: %d entries with open orders of %s, the account says %d and %s"
                .formatted(customer, last, exposure, account.sequence(), account.exposure()));
  }

  private Optional<String> breach(Entry entry, String how) {
    return Optional.of(
        "%s, entry %d, %s %s: %s"
            .formatted(customer, entry.sequence(), entry.kind(), entry.amount(), how));
  }
}
