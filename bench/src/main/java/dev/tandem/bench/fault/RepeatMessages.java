package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;

/**
 * The broker brings the messages of the mode event more than once, and in another order than they
 * were sent.
 *
 * <p>It gives a lane to one consumer at a time. So the bench lines up behind order-service, whose
 * connection is reset then: what comes from now on is the bench's. After a moment all of it goes
 * back into its lane in one transaction, for order-service, which has connected again: shuffled,
 * some of it twice, and some from long ago. Nothing is lost, whoever ends meanwhile, and every
 * message is as its sender made it.
 */
record RepeatMessages(Stack stack, Proxy fromOrderService, long seed) implements Fault {
  static final String CONSUMER = "order-service";
  static final String BROKER = "broker";

  private static final long HELD_MILLIS = 1_000;
  private static final long PEACE_MILLIS = 300;

  @Override
  public String part() {
    return BROKER;
  }

  @Override
  public Healing strike() {
    var repeater = new Repeater(this);
    repeater.start();
    return repeater;
  }

  private static final class Repeater extends Repeating {
    private final RepeatMessages fault;
    private final Random random;
    private List<Lane> lanes = List.of();

    Repeater(RepeatMessages fault) {
      super("repeat-messages");
      this.fault = fault;
      this.random = new Random(fault.seed);
    }

    @Override
    void repeat() throws Exception {
      var broker = fault.stack.addresses(BROKER);
      try (var locator = ActiveMQClient.createServerLocator(broker.url());
          var factory = locator.createSessionFactory();
          var session =
              factory.createSession(
                  broker.user(), broker.password(), false, false, false, false, 0)) {
        session.start();
        lanes = lanes(session);
        do {
          holdAndSendAgain(session);
        } while (!isEnoughWithin(PEACE_MILLIS));
      }
    }

    private List<Lane> lanes(ClientSession session) throws ActiveMQException {
      var all = new ArrayList<Lane>();
      while (session.queueQuery(SimpleString.of(Lane.queue(all.size()))).isExists()) {
        all.add(new Lane(session, all.size(), new Disorder<>(random)));
      }
      return all;
    }

    private void holdAndSendAgain(ClientSession session)
        throws ActiveMQException, InterruptedException {
      for (var lane : lanes) {
        lane.lineUp();
      }
      fault.fromOrderService.resetAll();
      isEnoughWithin(HELD_MILLIS);
      for (var lane : lanes) {
        lane.sendBack(lane.take());
      }
      session.commit();
    }

    /** Heartbeats come through the lanes in every mode: without any, they were never taken over. */
    @Override
    public String evidence() {
      if (lanes.stream().noneMatch(Lane::wasTaken)) {
        return "";
      }
      long held = lanes.stream().mapToLong(lane -> lane.disorder().held()).sum();
      return held == 0
          ? "the lanes were so, and no change was sent through them in this mode"
          : "of %d changes on their way %d came after a newer one of the same customer, and %d messages were sent again"
              .formatted(
                  held,
                  lanes.stream().mapToLong(lane -> lane.disorder().late()).sum(),
                  lanes.stream().mapToLong(lane -> lane.disorder().again()).sum());
    }
  }
}
