package dev.tandem.coordinator.xa;

import com.atomikos.recovery.OltpLog;
import com.atomikos.recovery.OltpLogFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where Atomikos finds our log. Atomikos makes this object itself, by {@code ServiceLoader}, so the
 * log has to be handed over by a static field. This is the only one: there is one transaction
 * manager per process anyway.
 */
public final class AtomikosLogFactory implements OltpLogFactory {

  private static final AtomicReference<@Nullable AtomikosLog> HANDED_OVER = new AtomicReference<>();

  static void handOver(AtomikosLog log) {
    HANDED_OVER.set(log);
  }

  @Override
  public OltpLog createOltpLog() {
    var log = HANDED_OVER.getAndSet(null);
    if (log == null) {
      // null would make Atomikos fall back to its own log without a word
      throw new IllegalStateException("Atomikos was started without our decision log");
    }
    return log;
  }
}
