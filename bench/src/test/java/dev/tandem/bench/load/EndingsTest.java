package dev.tandem.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.bench.history.Ending;
import dev.tandem.stack.shop.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class EndingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 |   | {}                                | OK
          201 |   | {"orderState":"APPROVED"}         | OK
          201 |   | {"orderState":"REJECTED"}         | REFUSED
          409 |   | {"code":"below-exposure"}         | REFUSED
          412 |   | {"code":"stale-version"}          | REFUSED
          503 | 1 | {"code":"part-away"}              | FAILED
          404 |   | {"code":"unknown-customer"}       | FAILED
          400 |   | {}                                | FAILED
          503 | 1 | {"code":"outcome-unknown"}        | UNKNOWN
          503 | 1 | {"code":"earlier-attempt-unknown"}| UNKNOWN
          503 |   | {}                                | UNKNOWN
          500 |   | {}                                | UNKNOWN
          202 | 1 | {"state":"under-way"}             | UNKNOWN
          0   |   | {}                                | UNKNOWN
          0   |   | {"code":"no-connection"}          | FAILED
          """)
  void anAnswerSaysWhatItsClientMayConclude(
      int status, String retryAfter, String body, Ending ending) {
    Map<String, String> headers = retryAfter == null ? Map.of() : Map.of("retry-after", retryAfter);
    var json = JsonMapper.builder().build().readTree(body);

    assertThat(Endings.of(new Answer(status, headers, json, Duration.ZERO))).isEqualTo(ending);
  }
}
