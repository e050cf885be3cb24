package dev.tandem.mode.event;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.tandem.mode.Audience;
import dev.tandem.mode.event.OutboxSession.Row;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;

/**
 * Takes the outbox to the broker: one relay at a time, of all instances of customer-service; the
 * others stand by and take over when its session with the database ends.
 *
 * <p>Promised: every row is published at least once, and deleted only after the broker has
 * acknowledged it. One customer's rows come in the order of their versions, except around a
 * take-over or a crash, when some come again. Not promised: any order between customers.
 *
 * <p>What fails is tried again for ever, at most a second later. Changes never wait for it. A lane
 * that is full waits alone: the others' rows and heartbeats pass it.
 */
final class Relay implements AutoCloseable {

  private static final Duration STAND_BY = Duration.ofMillis(250);
  private static final Duration LAST_BATCH = Duration.ofSeconds(2);

  private final DataSourceProperties database;
  private final ConnectionFactory broker;
  private final EventSettings settings;
  private final Lanes lanes;
  private final Audience audience;
  private final FullLanes full;

  private final Thread thread = new Thread(this::run, "event-relay");
  private final Semaphore wakes = new Semaphore(0);
  private final AtomicLong published = new AtomicLong();

  private volatile boolean running = true;
  private volatile boolean leading;
  private volatile boolean brokerUp;

  private Duration pause = Pauses.FIRST;
  private @Nullable String trouble;
  private long nextBeat = System.nanoTime();

  Relay(
      DataSourceProperties database,
      ConnectionFactory broker,
      EventSettings settings,
      Lanes lanes,
      Audience audience) {
    this.database = database;
    this.broker = broker;
    this.settings = settings;
    this.lanes = lanes;
    this.audience = audience;
    this.full = new FullLanes(lanes, settings.batch(), audience);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Something was committed: look now. */
  void wake() {
    if (wakes.availablePermits() == 0) {
      wakes.release();
    }
  }

  /** Whether this instance is the one that publishes. */
  boolean isLeading() {
    return leading;
  }

  /** Whether the broker was there when it was last spoken to. */
  boolean isBrokerUp() {
    return brokerUp;
  }

  /** The lanes whose queues had no room when this relay last tried them; none if it stands by. */
  List<Integer> fullLanes() {
    return leading ? full.all() : List.of();
  }

  /** How many rows this process has published, repeats included. */
  long published() {
    return published.get();
  }

  private void run() {
    while (running) {
      try (var toBroker = BrokerSession.open(broker, lanes);
          var outbox = new OutboxSession(database)) {
        brokerUp = true;
        standBy(outbox, toBroker);
        lead(outbox, toBroker);
      } catch (RuntimeException failure) {
        brokerUp = brokerUp && !(failure instanceof JMSRuntimeException);
        report(failure);
      } finally {
        leading = false;
      }
      pause();
    }
  }

  private void standBy(OutboxSession outbox, BrokerSession toBroker) {
    while (running && !outbox.tryToLead()) {
      requireSound(toBroker);
      mended();
      await(STAND_BY);
    }
    leading = running;
  }

  private void lead(OutboxSession outbox, BrokerSession toBroker) {
    while (running) {
      requireSound(toBroker);
      boolean more = publishOnce(outbox, toBroker);
      mended();
      if (!more) {
        await(full.rest(settings.poll()));
      }
    }
  }

  /**
   * One turn. The stamp is read before the rows, and travels behind them; where more rows may be
   * waiting than were read and sent, it says nothing.
   *
   * @return whether there may be more to send
   */
  private boolean publishOnce(OutboxSession outbox, BrokerSession toBroker) {
    var open = full.open();
    if (open.isEmpty()) {
      return false;
    }
    boolean due = System.nanoTime() - nextBeat >= 0;
    var stamp = due ? outbox.stamp() : null;
    var rows = next(outbox, open);
    var behind = publish(rows, outbox, toBroker);
    boolean readAll = rows.size() < settings.batch();
    if (stamp != null && readAll) {
      open.removeAll(behind);
      beat(open, stamp, toBroker);
      nextBeat = System.nanoTime() + settings.heartbeat().toNanos();
    }
    return !readAll || full.open().stream().anyMatch(behind::contains);
  }

  private List<Row> next(OutboxSession outbox, Set<Integer> open) {
    return open.size() == lanes.count()
        ? outbox.next(settings.batch())
        : outbox.next(settings.batch(), lanes.slotsOf(open));
  }

  /** Returns the lanes of which rows are left that were read. */
  private Set<Integer> publish(List<Row> rows, OutboxSession outbox, BrokerSession toBroker) {
    if (rows.isEmpty()) {
      return Set.of();
    }
    var tried = new TreeMap<Integer, List<Row>>();
    rows.stream()
        .collect(groupingBy(this::laneOf))
        .forEach((lane, theirs) -> tried.put(lane, full.first(lane, theirs)));
    var refused = toBroker.publish(tried);
    var sent = new LinkedHashSet<Row>();
    tried.forEach(
        (lane, theirs) -> {
          if (refused.contains(lane)) {
            full.refused(lane, theirs.size());
          } else {
            full.accepted(lane);
            sent.addAll(theirs);
          }
        });
    outbox.delete(sent);
    published.addAndGet(sent.size());
    return rows.stream().filter(row -> !sent.contains(row)).map(this::laneOf).collect(toSet());
  }

  private void beat(Set<Integer> upToDate, Instant stamp, BrokerSession toBroker) {
    var refused = toBroker.beat(upToDate, stamp);
    for (int lane : upToDate) {
      if (refused.contains(lane)) {
        full.refused(lane, 1);
      } else {
        full.accepted(lane);
      }
    }
  }

  private int laneOf(Row row) {
    return lanes.of(row.message().limit().customerId());
  }

  private static void requireSound(BrokerSession toBroker) {
    if (toBroker.isBroken()) {
      throw new JMSRuntimeException("the connection was lost");
    }
  }

  private void await(Duration atMost) {
    try {
      if (wakes.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        wakes.drainPermits();
      }
    } catch (InterruptedException stop) {
      running = false;
    }
  }

  /** A commit is no reason to look sooner here: nothing can be done for it. */
  private void pause() {
    long until = System.nanoTime() + pause.toNanos();
    while (running && until - System.nanoTime() > 0) {
      await(Duration.ofNanos(until - System.nanoTime()));
    }
    pause = Pauses.after(pause);
  }

  private void report(RuntimeException failure) {
    var what = failure instanceof JMSRuntimeException ? "the broker is away" : "the outbox is away";
    if (running && !what.equals(trouble)) {
      trouble = what;
      audience.turned(EventMode.NAME, "relay waits, " + what + ": " + failure.getMessage());
    }
  }

  private void mended() {
    pause = Pauses.FIRST;
    if (trouble != null) {
      trouble = null;
      audience.turned(EventMode.NAME, "relay goes on");
    }
  }

  /** Ends the batch under way, if the broker answers. */
  @Override
  public void close() {
    running = false;
    wakes.release();
    try {
      thread.join(LAST_BATCH.toMillis());
      thread.interrupt();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
