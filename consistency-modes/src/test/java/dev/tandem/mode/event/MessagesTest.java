package dev.tandem.mode.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CreditLimit;
import dev.tandem.mode.CreditLimitChange.Kind;
import dev.tandem.mode.CustomerId;
import dev.tandem.mode.VersionedLimit;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What travels: written as the schema in docs says, and read strictly. */
class MessagesTest {

  private final MessageSchema schema = new MessageSchema();
  private final LimitMessage message =
      new LimitMessage(
          new VersionedLimit(
              new ChangeId(UUID.fromString("11111111-2222-3333-4444-555555555555")),
              CustomerId.random(),
              Kind.CHANGE,
              CreditLimit.of("500"),
              3,
              "event",
              Instant.parse("2026-11-22T10:00:00Z")),
          Instant.parse("2026-11-22T10:00:00.123456Z"),
          Traceparent.orNew(null));

  @Test
  void aChangeIsReadAsItWasWritten() {
    assertThat(LimitMessage.read(message.toJson())).isEqualTo(message);
    var without = new LimitMessage(message.limit(), message.committedAt(), null);
    assertThat(LimitMessage.read(without.toJson())).isEqualTo(without);
  }

  @Test
  void aChangeIsWrittenAsTheSchemaSays() {
    assertThat(schema.faultsOf("limit", message.toJson())).isEmpty();
    assertThat(schema.faultsOf("limit", with("kind", "\"lower\"")))
        .containsExactly("limit.kind enum");
    assertThat(schema.faultsOf("limit", with("version", "0")))
        .containsExactly("limit.version minimum");
    assertThat(schema.faultsOf("limit", "{\"schema\":1}")).containsExactly("limit required");
  }

  @Test
  void aHeartbeatIsReadAsItWasWrittenAndWrittenAsTheSchemaSays() {
    var heartbeat = new Heartbeat(3, 8, Instant.parse("2026-11-22T10:00:00.000001Z"));
    assertThat(Heartbeat.read(heartbeat.toJson())).isEqualTo(heartbeat);
    assertThat(schema.faultsOf("heartbeat", heartbeat.toJson())).isEmpty();
    assertThat(Heartbeat.read(heartbeat.toJson().replace("\"lanes\":8,", "")).lanes()).isNull();
  }

  @Test
  void membersThatNobodyKnowsArePassedOver() {
    assertThat(LimitMessage.read(message.toJson().replaceFirst("\\{", "{\"later\":[{}],")))
        .isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "7", "\"text\"", "{}", "{\"schema\":\"1\"}"})
  void whatIsNoMessageIsNotRead(String text) {
    assertThatExceptionOfType(UnreadableMessage.class).isThrownBy(() -> LimitMessage.read(text));
  }

  @ParameterizedTest
  @CsvSource({
    "schema, 2, schema 2 is not known here",
    "changeId, null, changeId is missing",
    "changeId, '\"1-1-1-1-1\"', changeId is malformed",
    "kind, '\"CHANGE\"', kind is malformed",
    "creditLimit, 500.00, creditLimit is not a text",
    "creditLimit, '\"-1\"', creditLimit is malformed",
    "creditLimit, '\"1.001\"', creditLimit is malformed",
    "creditLimit, '\"much\"', creditLimit is malformed",
    "version, '\"3\"', version is not a whole number",
    "version, 3.5, version is not a whole number",
    "version, 0, versions begin at 1",
    "version, 9223372036854775808, version is not a whole number",
    "committedAt, '\"yesterday\"', committedAt is malformed",
    "traceparent, 7, traceparent is not a text",
  })
  void whatIsMalformedIsNotReadAndTheReasonIsTold(String member, String value, String reason) {
    assertThatExceptionOfType(UnreadableMessage.class)
        .isThrownBy(() -> LimitMessage.read(with(member, value)))
        .withMessageStartingWith(reason);
  }

  private String with(String member, String value) {
    var changed =
        message
            .toJson()
            .replaceFirst("\"" + member + "\":(\"[^\"]*\"|[0-9]+)", "\"" + member + "\":" + value);
    assertThat(changed).isNotEqualTo(message.toJson());
    return changed;
  }

  @Test
  void aCustomersLaneIsTheSameOnEveryMachine() {
    var customer = new CustomerId(UUID.fromString("00000000-0000-4001-8000-000000000007"));
    // written down once: another answer would send a customer's changes through two lanes
    assertThat(new Lanes(8).of(customer)).isEqualTo(6);
    assertThat(new Lanes(1).of(customer)).isZero();
    assertThat(new Lanes(8).queueOf(3)).isEqualTo("tandem.credit-limits.lane-3");
  }

  @Test
  void customersAreSpreadOverAllLanes() {
    var counts = new int[8];
    for (int i = 0; i < 8_000; i++) {
      counts[new Lanes(8).of(CustomerId.random())]++;
    }
    assertThat(Arrays.stream(counts)).allMatch(count -> count > 700 && count < 1_300);
  }

  @ParameterizedTest
  @CsvSource({
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-more, 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
  })
  void aTraceThatTheClientBeganGoesOn(String sent, String kept) {
    assertThat(Traceparent.orNew(sent)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
      })
  void aBadTraceIsReplacedByANewOne(String sent) {
    assertThat(Traceparent.orNew(sent))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
        .isNotEqualTo(Traceparent.orNew(sent));
  }
}
