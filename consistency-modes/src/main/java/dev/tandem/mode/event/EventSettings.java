package dev.tandem.mode.event;

import dev.tandem.rest.internal.UnusableSetting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The room's limits, and where the broker is.
 *
 * @param lanes into how many groups the customers are divided, each with a queue of its own; 1 to
 *     64, and the same number in both services. More lanes take more at once, not faster
 * @param heartbeat how often the relay tells each lane how far it is: the copy's age is known no
 *     better than this
 * @param poll how often the relay looks for rows of which nobody told it: those of other instances,
 *     and those from before a restart
 * @param batch how many rows go to the broker in one transaction; 1 to 5000
 * @param broker where the queues are
 */
@ConfigurationProperties("tandem.event")
record EventSettings(
    @DefaultValue("8") int lanes,
    @DefaultValue("500ms") Duration heartbeat,
    @DefaultValue("50ms") Duration poll,
    @DefaultValue("500") int batch,
    @DefaultValue Broker broker) {

  private static final int LARGEST_BATCH = 5_000;

  /**
   * The broker, and who this service is to it.
   *
   * @param url of an Apache ActiveMQ Artemis acceptor
   * @param user null to come without a name
   * @param password null to come without a name
   */
  record Broker(
      @DefaultValue("tcp://127.0.0.1:61616") String url,
      @Nullable String user,
      @Nullable String password) {

    Broker {
      require(
          !url.isBlank(),
          "tandem.event.broker.url is empty",
          "Set it to the broker's address, for example tcp://127.0.0.1:61616.");
    }

    /** Without the password. */
    @Override
    public String toString() {
      return url;
    }
  }

  EventSettings {
    require(
        lanes >= 1 && lanes <= Lanes.MOST,
        "tandem.event.lanes is " + lanes,
        "Set it to something between 1 and " + Lanes.MOST + ", the same in both services.");
    require(
        batch >= 1 && batch <= LARGEST_BATCH,
        "tandem.event.batch is " + batch,
        "Set it to something between 1 and " + LARGEST_BATCH + "; 500 is the default.");
    requirePositive("heartbeat", heartbeat);
    requirePositive("poll", poll);
  }

  private static void requirePositive(String name, Duration duration) {
    require(
        duration.toMillis() > 0,
        "tandem.event." + name + " is " + duration.toMillis() + "ms",
        "Set it to more than 0ms, for example 500ms.");
  }

  private static void require(boolean usable, String what, String cure) {
    if (!usable) {
      throw new UnusableSetting(what, cure);
    }
  }
}
