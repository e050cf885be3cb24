package dev.tandem.bench.check;

import java.util.List;

/**
 * Whether the checks can see at all: {@code besteffort} commits twice without a safety net, and in
 * a run with faults it is hit between its commits on purpose. Checks that find nothing wrong with
 * it then are blind, and their good word about the others is worth nothing.
 *
 * @param needed the run had a fault
 * @param by the promise whose check has caught it, and the first that it found; "" if none has
 */
public record NegativeControl(boolean needed, boolean caught, String by) {
  static final String LIAR = "besteffort";

  static NegativeControl of(boolean needed, List<ModeVerdicts> modes) {
    var caught =
        modes.stream()
            .filter(mode -> mode.mode().equals(LIAR))
            .flatMap(mode -> mode.verdicts().stream())
            .filter(each -> each.wrong() > 0 && Promises.tellsOfHalfAChange(each.promise()))
            .findFirst();
    return new NegativeControl(
        needed,
        caught.isPresent(),
        caught.map(each -> each.promise() + ": " + each.first()).orElse(""));
  }
}
