package dev.tandem.mode;

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
