package dev.tandem.broker;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.DiskFullMessagePolicy;

/** The queues there are, and what holds for each. There are no others: nobody may make one. */
final class Queues {
  static final String LANE = "tandem.credit-limits.lane-";
  static final String DEAD = "tandem.credit-limits.dead";
  static final String EXPIRED = "tandem.credit-limits.expired";

  /**
   * A heartbeat tells how old the copy is, and has a time to live: without it they would pile up
   * while nobody consumes. One that is out of date is worth nothing; every other message is kept.
   */
  private static final String NO_HEARTBEAT = "tandem_type IS NULL OR tandem_type <> 'heartbeat'";

  private static final long PAGE_BEYOND_BYTES = 4L * 1024 * 1024;
  private static final int PAGE_BYTES = 1024 * 1024;
  private static final int UNLIMITED = -1;

  private Queues() {}

  static void addTo(Configuration configuration, BrokerSettings settings) {
    lanes(settings.lanes())
        .map(name -> queue(name).setExclusive(true))
        .forEach(queue -> add(configuration, queue));
    add(configuration, queue(DEAD));
    add(configuration, queue(EXPIRED).setFilterString(NO_HEARTBEAT));
    configuration.addAddressSetting("#", nothingByItself());
    // Each by its name: in a match '#' stands for whole words only.
    lanes(settings.lanes())
        .forEach(name -> configuration.addAddressSetting(name, lane(settings.laneBytes())));
  }

  static Stream<String> lanes(int lanes) {
    return IntStream.range(0, lanes).mapToObj(lane -> LANE + lane);
  }

  private static QueueConfiguration queue(String name) {
    return QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST).setDurable(true);
  }

  private static void add(Configuration configuration, QueueConfiguration queue) {
    configuration.addAddressConfiguration(
        new CoreAddressConfiguration()
            .setName(queue.getName().toString())
            .addRoutingType(RoutingType.ANYCAST)
            .addQueueConfiguration(queue));
  }

  /** For the dead and the expired: they go to disk when they are many, and are never refused. */
  private static AddressSettings nothingByItself() {
    return new AddressSettings()
        .setAutoCreateQueues(false)
        .setAutoCreateAddresses(false)
        .setAutoDeleteQueues(false)
        .setAutoDeleteAddresses(false)
        .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
        .setMaxSizeBytes(PAGE_BEYOND_BYTES)
        .setPageSizeBytes(PAGE_BYTES)
        .setDiskFullMessagePolicy(DiskFullMessagePolicy.FAIL)
        // A consumer that dies with a good message in its hands, again and again, must not spend
        // it: the consumer itself counts, and only what can never be taken.
        .setMaxDeliveryAttempts(UNLIMITED)
        .setDeadLetterAddress(SimpleString.of(DEAD))
        .setExpiryAddress(SimpleString.of(EXPIRED));
  }

  private static AddressSettings lane(long bytes) {
    return nothingByItself()
        // A delay would let later messages of the same customer overtake.
        .setRedeliveryDelay(0)
        // Refuses what does not fit: the relay hears of it, keeps the rows in its outbox and tries
        // again. To hold its sender up instead (BLOCK) would stop it without a word; to drop is out
        // of the question; and a second store on disk (PAGE) beside the outbox is one too many.
        .setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL)
        .setMaxSizeBytes(bytes);
  }
}
