package dev.tandem.broker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.activemq.artemis.api.core.ActiveMQAddressFullException;

/** What of Artemis' own words is printed: warnings and errors, one line each. */
final class Logs {
  // Held here because the logging system itself may forget a logger together with its level.
  private static final Logger ARTEMIS = Logger.getLogger("org.apache.activemq.artemis");
  private static final Logger SERVER = Logger.getLogger("org.apache.activemq.artemis.core.server");
  private static final Logger AUDIT = Logger.getLogger("org.apache.activemq.audit");

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final AtomicLong TOLD_AT = new AtomicLong(System.nanoTime() - QUIET_NANOS);

  private Logs() {}

  static void setUp() {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n");
    ARTEMIS.setLevel(Level.WARNING);
    AUDIT.setLevel(Level.OFF);
    SERVER.setFilter(Logs::isWorthALine);
  }

  /**
   * A full lane refuses each message of each attempt, with a stack trace: once a minute will do.
   */
  private static boolean isWorthALine(LogRecord line) {
    if (!(line.getThrown() instanceof ActiveMQAddressFullException full)) {
      return true;
    }
    line.setThrown(null);
    line.setMessage("A lane takes no more until some is consumed: " + full.getMessage());
    var now = System.nanoTime();
    var told = TOLD_AT.get();
    return now - told >= QUIET_NANOS && TOLD_AT.compareAndSet(told, now);
  }
}
