package dev.tandem.bench.check;

import java.util.List;

/**
 * What one check has seen.
 *
 * @param looked how many were looked at
 * @param wrong how many of them break the promise
 * @param first of these, in words; "" if none
 * @param worst of these, in words; "" if none, or if there is no measure of it
 */
public record Evidence(long looked, long wrong, String first, String worst) {

  public boolean held() {
    return wrong == 0;
  }

  /** Of things of which none is worse than another. */
  static Evidence of(long looked, List<String> wrong) {
    return of(looked, wrong, "");
  }

  static Evidence of(dev.tandem.stack.shop.Evidence evidence) {
    return of(evidence.looked(), evidence.wrong(), evidence.worst());
  }

  private static Evidence of(long looked, List<String> wrong, String worst) {
    var first = wrong.isEmpty() ? "" : wrong.get(0);
    return new Evidence(Math.max(looked, wrong.size()), wrong.size(), first, worst);
  }
}
