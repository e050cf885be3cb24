package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.stack.StackStatus.State;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The message broker as a part: real, as are the databases; stand-ins for the services. */
@BesideTheShop
class BrokerIT {
  private static final String LANE = "tandem.credit-limits.lane-0";
  private static final long LIMIT_MILLIS = 10_000;

  @TempDir private Path folder;

  @Test
  void itsMessagesAreKeptOverAKillAndOverDownAndUp() throws Exception {
    var shop = new TestShop(folder).withTheBroker();
    try (var stack = shop.stack()) {
      stack.up(false);
      assertThat(stack.status().state()).isEqualTo(State.UP);
      send(stack, "acknowledged before a kill");

      stack.kill("broker");
      assertThat(stack.status().state()).as("all others run").isEqualTo(State.PARTIAL);
      assertThat(stack.status().part("broker").healthy()).isFalse();
      assertThatThrownBy(() -> send(stack, "refused")).isInstanceOf(JMSRuntimeException.class);
      stack.start("broker");

      assertThat(stack.status().state()).isEqualTo(State.UP);
      assertThat(receive(stack)).isEqualTo("acknowledged before a kill");
      send(stack, "acknowledged before down");
      stack.down();
      assertThat(shop.heard)
          .anyMatch(line -> line.startsWith("broker stopped after"))
          .noneMatch(line -> line.startsWith("broker killed:"));
      stack.up(false);
      assertThat(receive(stack)).isEqualTo("acknowledged before down");

      stack.freeze("broker");
      assertThat(stack.status().part("broker").healthy()).isFalse();
      stack.thaw("broker");
      assertThat(stack.status().part("broker").healthy()).isTrue();
    }
  }

  @Test
  void theServicesAreToldItByTheirEnvironment() throws IOException {
    try (var stack = new TestShop(folder).stack()) {
      stack.up(false);

      var broker = stack.addresses("broker");
      for (var service : List.of("customer-service", "order-service")) {
        assertThat(environment(stack, service))
            .contains(
                "TANDEM_EVENT_BROKER_URL=" + broker.url(),
                "TANDEM_EVENT_BROKER_USER=" + broker.user(),
                "TANDEM_EVENT_BROKER_PASSWORD=" + broker.password());
      }
      assertThat(environment(stack, "tx-coordinator")).noneMatch(one -> one.contains("_BROKER_"));
    }
  }

  @Test
  void aBrokerOfYoursIsUsedAndNeverStartedOrEnded() throws IOException {
    var owner = new TestShop(folder.resolve("owner")).withTheBroker();
    var guest = new TestShop(folder.resolve("guest"));
    try (var running = owner.stack()) {
      running.up(false);
      var broker = running.addresses("broker");
      var url = broker.url() + "?clientFailureCheckPeriod=3000";
      guest
          .with("TANDEM_BROKER_URL", url)
          .with("TANDEM_BROKER_USER", broker.user())
          .with("TANDEM_BROKER_PASSWORD", broker.password());
      try (var using = guest.stack()) {
        using.up(false);

        assertThat(using.status().state()).isEqualTo(State.UP);
        assertThat(using.status().part("broker").external()).isTrue();
        assertThat(environment(using, "order-service")).contains("TANDEM_EVENT_BROKER_URL=" + url);
        assertThatThrownBy(() -> using.kill("broker")).hasMessageContaining("TANDEM_BROKER_URL");
        running.kill("broker");
        assertThat(using.status().state()).isEqualTo(State.PARTIAL);
        using.down();
        assertThatThrownBy(() -> using.up(true)).hasMessageContaining("messages");
        assertThatThrownBy(() -> using.up(false))
            .hasMessageStartingWith("broker does not answer")
            .hasMessageContaining("TANDEM_BROKER_URL");
      }
    }
  }

  private static List<String> environment(Stack stack, String part) throws IOException {
    var pid = stack.status().part(part).pid().toString();
    return List.of(Files.readString(Path.of("/proc", pid, "environ")).split("\0"));
  }

  private static void send(Stack stack, String text) {
    try (var context = connect(stack)) {
      context.createProducer().send(context.createQueue(LANE), text);
      context.commit();
    }
  }

  private static String receive(Stack stack) {
    try (var context = connect(stack);
        var consumer = context.createConsumer(context.createQueue(LANE))) {
      var text = consumer.receiveBody(String.class, LIMIT_MILLIS);
      context.commit();
      return text;
    }
  }

  private static JMSContext connect(Stack stack) {
    var broker = stack.addresses("broker");
    return new ActiveMQConnectionFactory(broker.url())
        .createContext(broker.user(), broker.password(), JMSContext.SESSION_TRANSACTED);
  }
}
