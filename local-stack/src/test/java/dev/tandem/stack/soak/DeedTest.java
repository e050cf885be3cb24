package dev.tandem.stack.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.soak.Deed.Word;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class DeedTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "200, , {}, DONE",
        "201, , {}, DONE",
        "202, , {}, OPEN",
        "0, , {}, OPEN",
        "404, , {}, REFUSED",
        "409, , {}, REFUSED",
        "503, 1, |{\"retryable\":true}|, REFUSED",
        "503, 1, |{\"code\":\"outcome-unknown\"}|, OPEN",
        "503, , |{\"retryable\":true}|, NONSENSE",
        "503, , |{\"code\":\"outcome-unknown\"}|, NONSENSE",
        "503, 1, {}, NONSENSE",
        "500, 1, |{\"retryable\":true}|, NONSENSE",
        "500, 1, |{\"code\":\"outcome-unknown\"}|, NONSENSE",
        "504, 1, |{\"retryable\":true}|, NONSENSE",
        "400, , {}, NONSENSE"
      })
  void whateverIsNotA503WithRetryAfterIsNoAnswerOfAFailure(
      int status, String retryAfter, String body, Word word) {
    Map<String, String> headers = retryAfter == null ? Map.of() : Map.of("retry-after", retryAfter);
    var answer =
        new Answer(
            status, headers, JsonMapper.builder().build().readTree(body), Duration.ofMillis(1));

    assertThat(Deed.change("key", answer).word()).isEqualTo(word);
    assertThat(Deed.look(answer).word()).isEqualTo(word);
  }
}
