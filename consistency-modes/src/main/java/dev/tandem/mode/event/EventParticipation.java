package dev.tandem.mode.event;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The copy's part: a consumer for each lane. Several instances of the service may run; the broker
 * gives a lane's messages to one of them at a time.
 */
final class EventParticipation implements SmartLifecycle {

  private static final Duration STOPS_WITHIN = Duration.ofSeconds(3);

  private final List<LaneConsumer> consumers;
  private final List<LaneContainer> lanes;
  private final Pauses pauses;
  private volatile boolean running;

  EventParticipation(List<LaneConsumer> consumers, List<LaneContainer> lanes, Pauses pauses) {
    this.consumers = List.copyOf(consumers);
    this.lanes = List.copyOf(lanes);
    this.pauses = pauses;
  }

  @Override
  public void start() {
    running = true;
    lanes.forEach(LaneContainer::afterPropertiesSet);
    lanes.forEach(LaneContainer::start);
  }

  /** What is held goes back to its lane, untouched. */
  @Override
  public void stop() {
    running = false;
    pauses.end();
    awaitPaused();
    lanes.forEach(LaneContainer::shutdown);
  }

  /** All at once: one after the other, each would wait for its consumer's turn. */
  private void awaitPaused() {
    var open = new CountDownLatch(lanes.size());
    lanes.forEach(lane -> lane.stop(open::countDown));
    try {
      boolean ignored = open.await(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why a lane's messages are held; null if they are not. */
  @Nullable String heldIn(int lane) {
    return consumers.get(lane).held();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
