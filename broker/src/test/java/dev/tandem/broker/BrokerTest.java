package dev.tandem.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for each queue, and who may do what; the broker is real, and in this JVM. */
class BrokerTest {
  private static final String LANE = "tandem.credit-limits.lane-0";
  private static final int LANE_BYTES = 200_000;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private Broker broker;

  @BeforeAll
  static void printLittle() {
    Logs.setUp();
  }

  @BeforeEach
  void start() {
    broker = Broker.start(settings(), reason -> {});
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void thereAreTheLanesTheDeadAndTheExpired() {
    assertThat(broker.depths().keySet())
        .containsExactly(
            "tandem.credit-limits.dead",
            "tandem.credit-limits.expired",
            "tandem.credit-limits.lane-0",
            "tandem.credit-limits.lane-1");
  }

  @Test
  void aFullLaneRefusesWhatDoesNotFitAndLosesNothing() throws JMSException {
    try (var relay = Client.at(broker.url())) {
      var sent = new ArrayList<String>();
      var refused = sendUntilRefused(relay, sent);
      assertThat(refused).hasMessageContaining("full");
      relay.session.rollback();
      relay.send("tandem.credit-limits.lane-1", "another lane has room");

      assertThat(relay.receive(LANE, sent.size())).isEqualTo(sent);
      assertThat(relay.isEmpty(LANE)).as("nothing of what was refused").isTrue();
      relay.send(LANE, "again");
      assertThat(relay.receive(LANE, 1)).containsExactly("again");
    }
  }

  @Test
  void theDeadAreNeverRefused() throws JMSException {
    var big = "x".repeat(60_000);
    try (var client = Client.at(broker.url())) {
      for (int i = 0; i < 100; i++) {
        client.send("tandem.credit-limits.dead", big);
      }
      assertThat(client.receive("tandem.credit-limits.dead", 100)).containsOnly(big);
    }
  }

  @Test
  void theirNumberIsToldToWhomeverMayBrowseThem() throws Exception {
    try (var client = Client.at(broker.url())) {
      client.send("tandem.credit-limits.dead", "1", "2", "3");
      var session = ((ActiveMQSession) client.session).getCoreSession();
      var dead = SimpleString.of("tandem.credit-limits.dead");
      Awaitility.await() // Artemis counts them a moment after it has taken them
          .atMost(LIMIT)
          .until(() -> session.queueQuery(dead).getMessageCount(), count -> count == 3);
    }
  }

  @Test
  void aMessageIsNotSpentHoweverOftenItsConsumerFails() throws JMSException {
    try (var client = Client.at(broker.url())) {
      client.send(LANE, "good");
      for (int i = 0; i < 30; i++) {
        try (var consumer = client.consumer(LANE)) {
          assertThat(Client.text(consumer.receive(10_000))).isEqualTo("good");
          client.session.rollback();
        }
      }
      assertThat(client.receive(LANE, 1)).containsExactly("good");
      assertThat(client.isEmpty("tandem.credit-limits.dead")).isTrue();
    }
  }

  @Test
  void ofSeveralConsumersOneHasTheLaneUntilItLeaves() throws JMSException {
    try (var first = Client.at(broker.url());
        var second = Client.at(broker.url());
        var relay = Client.at(broker.url())) {
      var holder = first.consumer(LANE);
      var waiting = second.consumer(LANE);
      relay.send(LANE, "1", "2", "3");

      assertThat(Client.text(holder.receive(10_000))).isEqualTo("1");
      assertThat(waiting.receive(200)).isNull();
      first.session.commit();
      first.close();
      assertThat(Client.text(waiting.receive(10_000))).isEqualTo("2");
      assertThat(Client.text(waiting.receive(10_000))).isEqualTo("3");
    }
  }

  @Test
  void aHeartbeatThatIsOutOfDateVanishesAndAnythingElseIsKept() throws JMSException {
    try (var client = Client.at(broker.url())) {
      client.sendForAMoment(LANE, "a heartbeat", "heartbeat");
      client.sendForAMoment(LANE, "a limit", "limit");
      client.send(LANE, "the next");

      assertThat(client.receive(LANE, 1)).containsExactly("the next");
      assertThat(client.receive("tandem.credit-limits.expired", 1)).containsExactly("a limit");
      assertThat(client.isEmpty("tandem.credit-limits.expired")).isTrue();
    }
  }

  @Test
  void onlyTheUserIsLetIn() {
    assertThatThrownBy(() -> Client.at(broker.url(), Client.USER, "wrong"))
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("Unable to validate user");
    assertThatThrownBy(() -> Client.at(broker.url(), null, null)).isInstanceOf(JMSException.class);
    // Artemis' own user for clusters, with the password of its manual, may do everything.
    assertThatThrownBy(() -> Client.at(broker.url(), "ACTIVEMQ.CLUSTER.ADMIN.USER", "CHANGE ME!!"))
        .isInstanceOf(JMSException.class);
  }

  @Test
  void theUserMayNeitherMakeNorManageAnything() throws JMSException {
    try (var client = Client.at(broker.url())) {
      assertThatThrownBy(() -> client.send("another.queue", "x")).isInstanceOf(JMSException.class);
      assertThatThrownBy(() -> client.session.createTemporaryQueue())
          .isInstanceOf(JMSException.class);
      assertThatThrownBy(() -> client.send("activemq.management", "x"))
          .isInstanceOf(JMSException.class);
    }
  }

  @Test
  void itsHealthSaysHowManyMessagesWait() throws Exception {
    var page = HealthPage.open(broker, 0);
    try (var client = Client.at(broker.url())) {
      client.send(LANE, "1", "2");
      client.send("tandem.credit-limits.dead", "3");

      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(get(page.url()).body())
                      .isEqualTo(
                          """
                          {"active":true,"waiting":2,"dead":1,"expired":0,"queues":{\
                          "tandem.credit-limits.dead":1,"tandem.credit-limits.expired":0,\
                          "tandem.credit-limits.lane-0":2,"tandem.credit-limits.lane-1":0}}"""));
      assertThat(get(page.url()).statusCode()).isEqualTo(200);
      broker.close();
      assertThat(get(page.url()).statusCode()).isEqualTo(503);
      assertThat(get(page.url()).body()).startsWith("{\"active\":false,");
    } finally {
      page.close();
    }
  }

  @Test
  void aSecondBrokerInTheSameFolderIsRefused() {
    assertThatThrownBy(() -> Broker.start(settings(), reason -> {}))
        .isInstanceOf(BrokerException.class)
        .hasMessage(
            "Another broker works in "
                + folder
                + ": end that first, or give this one another --folder.");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    var file = Files.writeString(folder.resolve("a-file"), "");

    assertThatThrownBy(
            () ->
                Broker.start(
                    new BrokerSettings(
                        file.resolve("below"), 0, 1, LANE_BYTES, Client.USER, Client.PASSWORD),
                    reason -> {}))
        .isInstanceOf(BrokerException.class)
        .hasMessageStartingWith("Cannot write to the folder " + file.resolve("below"));
  }

  private BrokerSettings settings() {
    return new BrokerSettings(folder, 0, 2, LANE_BYTES, Client.USER, Client.PASSWORD);
  }

  private static Exception sendUntilRefused(Client relay, List<String> sent) {
    try {
      while (sent.size() < 1_000) {
        var text = sent.size() + "x".repeat(5_000);
        relay.send(LANE, text);
        sent.add(text);
      }
      return new Exception("nothing was refused");
    } catch (JMSException refused) {
      return refused;
    }
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }
}
