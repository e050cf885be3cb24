package dev.tandem.stack.shop;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * The result of one check.
 *
 * @param claim what should be true
 * @param words what was looked at: how many of how many, and the first that is wrong
 * @param looked how many were looked at
 * @param wrong each that is wrong, in words
 * @param worst of these; "" where there is no measure of it
 */
public record Evidence(
    String claim, boolean holds, String words, long looked, List<String> wrong, String worst) {

  /** Of one thing that was looked at. */
  public Evidence(String claim, boolean holds, String words) {
    this(claim, holds, words, 1, holds ? List.of() : List.of(words), "");
  }

  static <T> Evidence of(String claim, int looked, List<T> wrong, Function<T, String> words) {
    return of(claim, looked, wrong.stream().map(words).toList(), "");
  }

  /**
   * @param measure of how wrong it is
   */
  static <T> Evidence of(
      String claim,
      int looked,
      List<T> wrong,
      Function<T, String> words,
      Comparator<? super T> measure) {
    var worst = wrong.stream().max(measure).map(words).orElse("");
    return of(claim, looked, wrong.stream().map(words).toList(), worst);
  }

  static Evidence of(String claim, int looked, List<String> all, String worst) {
    return new Evidence(
        claim,
        all.isEmpty(),
        all.isEmpty()
            ? looked + " looked at, 0 wrong"
            : "%d of %d wrong, the first: %s".formatted(all.size(), looked, all.get(0)),
        looked,
        all,
        worst);
  }
}
