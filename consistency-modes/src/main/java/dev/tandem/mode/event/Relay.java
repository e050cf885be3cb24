package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSRuntimeException;
import java.time.Duration;
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
 * <p>What fails is tried again for ever, at most a second later. Changes never wait for it.
 */
final class Relay implements AutoCloseable {

  private static final Duration STAND_BY = Duration.ofMillis(250);
  private static final Duration LAST_BATCH = Duration.ofSeconds(2);

  private final DataSourceProperties database;
  private final ConnectionFactory broker;
  private final EventSettings settings;
  private final Lanes lanes;
  private final Audience audience;

  private final Thread thread = new Thread(this::run, "event-relay");
  private final Semaphore wakes = new Semaphore(0);
  private final AtomicLong published = new AtomicLong();

  private volatile boolean running = true;
  private volatile boolean leading;
  private volatile boolean brokerUp;

  /**
   * How many rows go at once. What failed is tried with half as many: a queue that is nearly full
   * may have room for those.
   */
  private int batch;

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
    this.batch = settings.batch();
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
        batch = Math.max(1, batch / 2);
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
        await(settings.poll());
      }
    }
  }

  /**
   * One turn. The stamp is read before the rows, and travels behind them; where more rows may be
   * waiting than were read, it says nothing.
   *
   * @return whether there may be more
   */
  private boolean publishOnce(OutboxSession outbox, BrokerSession toBroker) {
    boolean due = System.nanoTime() - nextBeat >= 0;
    var stamp = due ? outbox.stamp() : null;
    var rows = outbox.next(batch);
    boolean more = rows.size() == batch;
    if (!rows.isEmpty()) {
      toBroker.publish(rows);
      outbox.delete(rows);
      published.addAndGet(rows.size());
      batch = Math.min(settings.batch(), 2 * batch);
    }
    if (stamp != null && !more) {
      toBroker.beat(stamp);
      nextBeat = System.nanoTime() + settings.heartbeat().toNanos();
    }
    return more;
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
