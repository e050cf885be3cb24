package dev.tandem.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @Test
  void aCursorComesBackAsItWasGiven() {
    for (long after : new long[] {0, 1, 500, Long.MAX_VALUE}) {
      var cursor = new Cursor(after);
      assertThat(Cursor.parse(cursor.text())).isEqualTo(cursor);
      assertThat(cursor.text()).matches("[A-Za-z0-9_-]+");
    }
    assertThat(Cursor.parse(null)).isEqualTo(Cursor.START);
  }

  @ParameterizedTest
  // the last ones are v1:x, v1:-5, v1:+5, v1:99999999999999999999, v2:5, and v1:5 with padding
  @ValueSource(
      strings = {
        "",
        "5",
        "!!!",
        "ä",
        "djE6eA",
        "djE6LTU",
        "djE6KzU",
        "djE6OTk5OTk5OTk5OTk5OTk5OTk5OTk",
        "djI6NQ",
        "djE6NQ=="
      })
  void aCursorThatNoAnswerGaveIsRefused(String text) {
    assertThatThrownBy(() -> Cursor.parse(text))
        .isInstanceOf(ApiProblem.class)
        .hasMessageContaining("cursor");
  }

  @Test
  void aPageTellsWhetherThereIsMore() {
    assertThat(page(List.of(1L, 2L, 3L), 2))
        .isEqualTo(new Page<>(List.of("1", "2"), new Cursor(2).text()));
    assertThat(page(List.of(1L, 2L), 2)).isEqualTo(new Page<>(List.of("1", "2"), null));
    assertThat(page(List.of(), 2)).isEqualTo(new Page<>(List.of(), null));
  }

  private static Page<String> page(List<Long> rows, int limit) {
    return Page.of(rows, limit, Long::longValue, String::valueOf);
  }

  @Test
  void aPageHasBetweenOneAndFiveHundredEntries() {
    assertThat(Page.checkLimit(1)).isEqualTo(1);
    assertThat(Page.checkLimit(500)).isEqualTo(500);
    for (int limit : new int[] {0, -1, 501, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> Page.checkLimit(limit)).isInstanceOf(ApiProblem.class);
    }
  }

  @Test
  void moneyHasTwoDecimalsAndIsNeverRounded() {
    assertThat(Money.of(new BigDecimal("5"), "EUR")).isEqualTo(new Money("5.00", "EUR"));
    assertThat(Money.of(new BigDecimal("1E+16"), "EUR").amount()).isEqualTo("10000000000000000.00");
    assertThat(Money.of(new BigDecimal("5.000"), "EUR").amount()).isEqualTo("5.00");
    assertThatThrownBy(() -> Money.of(new BigDecimal("5.001"), "EUR"))
        .isInstanceOf(ArithmeticException.class);
  }
}
