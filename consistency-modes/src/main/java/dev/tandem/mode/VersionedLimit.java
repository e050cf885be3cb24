package dev.tandem.mode;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A change as its owner has applied it, on its way to the copy. The version is counted up by
 * customer-service alone; a copy takes it only if it is newer than its own.
 *
 * @param mode name of the mode that carries the change
 */
public record VersionedLimit(
    ChangeId changeId,
    CustomerId customerId,
    CreditLimitChange.Kind kind,
    CreditLimit limit,
    long version,
    String mode,
    Instant requestedAt) {

  /**
   * @throws NullPointerException if a part is missing, as it may be in what another program sent
   * @throws IllegalArgumentException if the version is not one that an owner gives
   */
  public VersionedLimit {
    requireNonNull(changeId, "changeId");
    requireNonNull(customerId, "customerId");
    requireNonNull(kind, "kind");
    requireNonNull(limit, "limit");
    requireNonNull(mode, "mode");
    requireNonNull(requestedAt, "requestedAt");
    if (version < 1) {
      throw new IllegalArgumentException("versions begin at 1: " + version);
    }
  }

  /** The given change under the version that its owner gave it. */
  public static VersionedLimit of(CreditLimitChange change, long version, String mode) {
    return new VersionedLimit(
        change.id(),
        change.customer(),
        change.kind(),
        change.limit(),
        version,
        mode,
        change.requestedAt());
  }
}
