package dev.tandem.stack.shop;

import java.util.List;
import java.util.function.Function;

/**
 * The result of one check.
 *
 * @param claim what should be true
 * @param words what was looked at: how many of how many, and the first that is wrong
 * @param looked how many were looked at
 * @param wrong each that is wrong, in words
 */
public record Evidence(String claim, boolean holds, String words, long looked, List<String> wrong) {

  /** Of one thing that was looked at. */
  public Evidence(String claim, boolean holds, String words) {
    this(claim, holds, words, 1, holds ? List.of() : List.of(words));
  }

  static <T> Evidence of(String claim, int looked, List<T> wrong, Function<T, String> words) {
    var all = wrong.stream().map(words).toList();
    return new Evidence(
        claim,
        all.isEmpty(),
        all.isEmpty()
            ? looked + " looked at, 0 wrong"
            : "%d of %d wrong, the first: %s".formatted(all.size(), looked, all.get(0)),
        looked,
        all);
  }
}
