package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.rest.ApiProblem;
import java.math.BigDecimal;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestKeyTest {

  private static final UUID CUSTOMER = UUID.randomUUID();

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "with space", "\u00e9", "\u007f", "tab\t"})
  void aKeyIsVisibleAscii(String key) {
    assertThatThrownBy(() -> key(key, "1.00")).isInstanceOf(ApiProblem.class);
  }

  @Test
  void aKeyHasAtMost200Characters() {
    assertThat(key("k".repeat(200), "1.00")).isNotNull();
    assertThatThrownBy(() -> key("k".repeat(201), "1.00")).isInstanceOf(ApiProblem.class);
  }

  @Test
  void theFingerprintTellsRequestsApart() {
    assertThat(key("k", "1.00")).isEqualTo(key("k", "1.00")).isNotEqualTo(key("k", "1.01"));
  }

  private static RequestKey key(String key, String total) {
    return RequestKey.ofPlacing(key, CUSTOMER, new BigDecimal(total), "EUR");
  }
}
