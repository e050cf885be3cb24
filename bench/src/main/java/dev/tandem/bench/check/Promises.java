package dev.tandem.bench.check;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which mode promises what, and who holds it to that. The table is the README's. */
final class Promises {
  private static final Check STALE_ACCEPTS = new NoStaleAccepts();

  static final List<Check> CHECKS =
      List.of(
          new SidesAgree(),
          new ChangesAreWhole(),
          new AcknowledgedChangesStay(),
          new RefusedChangesLeaveNoTrace(),
          new VersionsWithoutGap(),
          new NothingIsLeftOpen(),
          new OrdersAreAsTold(),
          new CreditRule(),
          STALE_ACCEPTS);

  private static final Map<String, Set<Check>> NOT_GIVEN =
      Map.of(
          "xa", Set.of(),
          "lra", Set.of(),
          "event", Set.of(STALE_ACCEPTS),
          "besteffort", Set.copyOf(CHECKS));

  private Promises() {}

  /**
   * @throws IllegalArgumentException if nobody has written down what the mode promises
   */
  static boolean gives(String mode, Check check) {
    var not = NOT_GIVEN.get(mode);
    if (not == null) {
      throw new IllegalArgumentException(
          "Nothing is written down of what the mode %s promises; known are %s."
              .formatted(mode, NOT_GIVEN.keySet().stream().sorted().toList()));
    }
    return !not.contains(check);
  }

  /**
   * Whether a breach shows that a change took place on one side only, which is what a liar does.
   */
  static boolean tellsOfHalfAChange(String promise) {
    return Set.of(
            new SidesAgree().promise(),
            new ChangesAreWhole().promise(),
            new AcknowledgedChangesStay().promise(),
            new RefusedChangesLeaveNoTrace().promise())
        .contains(promise);
  }
}
