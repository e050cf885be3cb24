package dev.tandem.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.MessageFlow;
import dev.tandem.stack.PartStatus;
import dev.tandem.stack.StackStatus;
import dev.tandem.stack.StackStatus.State;
import dev.tandem.stack.Unsettled;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
  private static final Unsettled NOTHING = new Unsettled(0, 0, 0, 0);
  private static final MessageFlow NO_EVENTS = new MessageFlow(null, null, null, null, null, null);
  private static final PartStatus DATABASE =
      new PartStatus(
          "order-db",
          null,
          false,
          null,
          null,
          "jdbc:postgresql://127.0.0.1:5442/orders",
          "postgres",
          "a\"b",
          false);
  private static final PartStatus SERVICE =
      new PartStatus(
          "order-service",
          7L,
          true,
          "http://127.0.0.1:8082",
          "http://127.0.0.1:9082",
          null,
          null,
          null,
          false);

  @Test
  void whatDoesNotApplyIsLeftOut() {
    var status =
        new StackStatus(
            State.PARTIAL, "xa", new Unsettled(3, 2, 1, 4), NO_EVENTS, List.of(DATABASE, SERVICE));

    assertThat(StatusJson.of(status))
        .isEqualTo(
            """
            {"state":"partial","mode":"xa","inDoubt":3,"openActions":2,"failedActions":1,"anomalies":4,"parts":[\
            {"name":"order-db","healthy":false,"jdbcUrl":"jdbc:postgresql://127.0.0.1:5442/orders","user":"postgres","password":"a\\"b"},\
            {"name":"order-service","pid":7,"healthy":true,"url":"http://127.0.0.1:8082","internalUrl":"http://127.0.0.1:9082"}]}""");
  }

  @Test
  void whatIsKnownOfTheEventsIsToldInAnObjectOfItsOwn() {
    var messages = new MessageFlow(7L, 1200L, 340L, null, null, 2L);

    assertThat(StatusJson.of(new StackStatus(State.UP, "event", NOTHING, messages, List.of())))
        .contains(
            "\"anomalies\":0,\"event\":{\"outboxDepth\":7,\"oldestUnpublishedMillis\":1200,\"copyAgeMillis\":340,\"deadLetters\":2},\"parts\":[]");
  }

  @Test
  void upAndDownAreInSmallLetters() {
    assertThat(StatusJson.of(new StackStatus(State.UP, "xa", NOTHING, NO_EVENTS, List.of())))
        .startsWith("{\"state\":\"up\",");
    assertThat(StatusJson.of(new StackStatus(State.DOWN, "lra", NOTHING, NO_EVENTS, List.of())))
        .startsWith("{\"state\":\"down\",");
  }
}
