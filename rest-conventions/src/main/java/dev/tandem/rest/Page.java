package dev.tandem.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A part of a list. {@code next} is the cursor of the following page, absent on the last one. */
public record Page<T>(
    List<T> items, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String next) {

  /** How many entries a page has unless the client says otherwise, and how many it may ask for. */
  public static final int DEFAULT_LIMIT = 50;

  public static final int MAX_LIMIT = 500;

  /**
   * Cuts a page out of rows that were read with {@code limit + 1}: the extra row only tells whether
   * there is more.
   *
   * @param number the row's place in the list, as in {@link Cursor#after()}
   */
  public static <R, T> Page<T> of(
      List<R> rows, int limit, ToLongFunction<R> number, Function<R, T> view) {
    boolean more = rows.size() > limit;
    var shown = more ? rows.subList(0, limit) : rows;
    var next = more ? new Cursor(number.applyAsLong(shown.get(limit - 1))).text() : null;
    return new Page<>(shown.stream().map(view).toList(), next);
  }

  /**
   * @throws ApiProblem 400 if it is not between 1 and {@value #MAX_LIMIT}
   */
  public static int checkLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ApiProblem.badField("limit", "must be between 1 and " + MAX_LIMIT);
    }
    return limit;
  }
}
