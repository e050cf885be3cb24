package dev.tandem.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer that is not a success has in common, and which requests get one. */
class ConventionsTest {

  private static final String GOOD =
      "{\"name\":\"A\",\"limit\":{\"amount\":\"5.00\"},\"count\":1,\"tags\":[]}";

  private static TestService service;

  @BeforeAll
  static void start() {
    service = new TestService(Map.of());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aGoodRequestPasses() {
    assertThat(wish(GOOD).statusCode()).isEqualTo(200);
    assertThat(wish(GOOD.replace("\"5.00\"", "5.00")).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name: unknown nested | {\"name\":\"A\",\"limit\":{\"amount\":1,\"x\":1},\"count\":1} | limit.x",
        "unknown | {\"name\":\"A\",\"limit\":{\"amount\":1},\"count\":1,\"zzz\":1} | zzz",
        "number for text | {\"name\":7,\"limit\":{\"amount\":1},\"count\":1} | name",
        "flag for text | {\"name\":true,\"limit\":{\"amount\":1},\"count\":1} | name",
        "object for text | {\"name\":{},\"limit\":{\"amount\":1},\"count\":1} | name",
        "text for amount | {\"name\":\"A\",\"limit\":{\"amount\":\"much\"},\"count\":1} | limit.amount",
        "empty amount | {\"name\":\"A\",\"limit\":{\"amount\":\"\"},\"count\":1} | limit.amount",
        "array for object | {\"name\":\"A\",\"limit\":[1],\"count\":1} | limit",
        "text for object | {\"name\":\"A\",\"limit\":\"x\",\"count\":1} | limit",
        "fraction for count | {\"name\":\"A\",\"limit\":{\"amount\":1},\"count\":1.5} | count",
        "null for count | {\"name\":\"A\",\"limit\":{\"amount\":1},\"count\":null} | count",
        "object for list | {\"name\":\"A\",\"limit\":{\"amount\":1},\"count\":1,\"tags\":{}} | tags",
        "wrong in list | {\"name\":\"A\",\"limit\":{\"amount\":1},\"count\":1,\"tags\":[1]} | tags",
        "missing | {\"limit\":{\"amount\":1},\"count\":1} | name",
        "missing nested | {\"name\":\"A\",\"limit\":{},\"count\":1} | limit.amount",
      })
  void aFieldThatIsWrongIsNamed(String what, String body, String field) {
    var answer = wish(body);
    assertProblem(answer, 400, "invalid-request");
    assertThat(answer.body()).as(what).contains("\"field\":\"" + field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{",
        "{\"name\":",
        "{'name':'A'}",
        "{\"name\":\"A\",\"name\":\"B\",\"limit\":{\"amount\":1},\"count\":1}",
        "{\"name\":\"A\",\"limit\":{\"amount\":1},\"count\":1} x",
        "{\"name\":\"A\",\"limit\":{\"amount\":1},\"count\":1}{}",
        "{\"name\":\"A\",\"limit\":{\"amount\":NaN},\"count\":1}",
        "\u0000"
      })
  void aBodyThatIsNoProperJsonObjectIsRefused(String body) {
    assertProblem(wish(body), 400, "");
  }

  @Test
  void anotherMediaTypeIsRefused() {
    assertProblem(service.post("/wishes", "text/plain", GOOD), 415, "unsupported-media-type");
    assertProblem(
        service.post("/wishes", "application/x-www-form-urlencoded", "name=A"),
        415,
        "unsupported-media-type");
    assertProblem(service.post("/wishes", "nonsense", GOOD), 415, "unsupported-media-type");
  }

  @Test
  void anotherMethodIsRefusedAndTheRightOneNamed() {
    var answer = service.send(HttpRequest.newBuilder(service.publicly("/wishes")).DELETE());
    assertProblem(answer, 405, "method-not-allowed");
    assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void anAnswerThatNobodyCanGiveIsRefused() {
    assertProblem(
        service.send(
            HttpRequest.newBuilder(service.publicly("/numbers?of=1"))
                .header("If-Match", "x")
                .header("Accept", "image/png")),
        406,
        "not-acceptable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "//", "//nothing/here", "/wishes/", "/%7Bx%7D", "/a%20b"})
  void anAddressWithNothingBehindItIsNotFound(String path) {
    assertProblem(service.send(HttpRequest.newBuilder(service.publicly(path))), 404, "not-found");
  }

  @Test
  void aWrongOrMissingParameterOrHeaderIsNamed() {
    var wrong = service.send(HttpRequest.newBuilder(service.publicly("/numbers?of=x")));
    assertProblem(wrong, 400, "invalid-request");
    assertThat(wrong.body()).contains("\"field\":\"of\"");
    assertProblem(service.send(HttpRequest.newBuilder(service.publicly("/numbers"))), 400, "");
    var header = service.send(HttpRequest.newBuilder(service.publicly("/numbers?of=1")));
    assertProblem(header, 400, "invalid-request");
    assertThat(header.body()).contains("If-Match");
  }

  @Test
  void aFailureThatNobodyForesawShowsNothingOfTheInside() {
    var answer = service.send(HttpRequest.newBuilder(service.publicly("/failures")));
    assertProblem(answer, 500, "internal-error");
    assertThat(answer.body()).doesNotContain("secret", "Exception", "dev.tandem");
  }

  @Test
  void aProblemThatCanBeRetriedSaysWhenAndWhatItIsAbout() {
    var answer = service.send(HttpRequest.newBuilder(service.publicly("/busy")));
    assertProblem(answer, 503, "busy");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("3");
    assertThat(answer.body())
        .contains("\"retryable\":true", "\"changeId\":\"c1\"", "\"instance\":\"/busy\"")
        .contains("\"type\":\"urn:tandem:problem:busy\"", "\"title\":\"Busy\"");
  }

  @Test
  void aBodyAtTheLimitPassesAndOneByteMoreDoesNot() {
    int limit = BodyLimitFilter.LIMIT_BYTES;
    assertThat(bytes(limit, true).body()).isEqualTo(String.valueOf(limit));
    assertThat(bytes(limit, false).body()).isEqualTo(String.valueOf(limit));
    assertProblem(bytes(limit + 1, true), 413, "body-too-large");
  }

  @Test
  void aBodyThatHidesItsLengthIsCounted() {
    var large = "{\"a\":\"" + "x".repeat(BodyLimitFilter.LIMIT_BYTES) + "\"}";
    var chunked =
        HttpRequest.newBuilder(service.publicly("/texts"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofInputStream(
                    () ->
                        new ByteArrayInputStream(
                            large.getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
    assertProblem(service.send(chunked), 413, "body-too-large");
    assertProblem(service.post("/texts", "application/json", large), 413, "body-too-large");
    assertProblem(
        service.post("/texts", "application/json", "x".repeat(1_000_000)), 413, "body-too-large");
  }

  @Test
  void aPathThatTheServerCannotReadIsRefused() {
    assertThat(service.raw("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  private static HttpResponse<String> wish(String body) {
    return service.post("/wishes", "application/json", body);
  }

  private static HttpResponse<String> bytes(int length, boolean declared) {
    var body = new byte[length];
    return service.send(
        HttpRequest.newBuilder(service.publicly("/bytes"))
            .header("Content-Type", "application/octet-stream")
            .POST(
                declared
                    ? BodyPublishers.ofByteArray(body)
                    : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .contains("\"code\":\"" + code, "\"retryable\":", "\"status\":" + status)
        .contains("\"type\":\"urn:tandem:problem:", "\"title\":", "\"detail\":")
        .contains("\"instance\":\"/");
  }
}
