package dev.tandem.stack;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Starts all parts, as much at once as their needs allow: the services need db-init, db-init the
 * databases, the coordinator and the broker nothing.
 */
final class Startup {
  private final Parts parts;
  private final StackSettings settings;
  private final Function<LocalPart, PartProcess> processes;
  private final StackListener listener;
  private final BooleanSupplier interrupted;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  Startup(
      Parts parts,
      StackSettings settings,
      Function<LocalPart, PartProcess> processes,
      StackListener listener,
      BooleanSupplier interrupted) {
    this.parts = parts;
    this.settings = settings;
    this.processes = processes;
    this.listener = listener;
    this.interrupted = interrupted;
  }

  /**
   * Returns when all are healthy; throws why the first one failed when nothing is being started any
   * more.
   */
  void run() {
    var coordinator = begin(Parts.TX_COORDINATOR);
    var broker = begin(Parts.BROKER);
    var services =
        CompletableFuture.allOf(begin(Parts.CUSTOMER_DB), begin(Parts.ORDER_DB))
            .thenRunAsync(() -> attempt(this::initialiseDatabases), Parallel.THREADS)
            .thenCompose(
                done ->
                    CompletableFuture.allOf(
                        begin(Parts.CUSTOMER_SERVICE), begin(Parts.ORDER_SERVICE)));
    try {
      CompletableFuture.allOf(coordinator, broker, services).join();
    } catch (CompletionException e) {
      throw firstFailure(e);
    }
  }

  private CompletableFuture<Void> begin(String part) {
    return CompletableFuture.runAsync(
        () -> attempt(() -> start(parts.named(part))), Parallel.THREADS);
  }

  private void start(Part part) {
    var began = Stopwatch.start();
    if (part instanceof LocalPart local) {
      var process = processes.apply(local);
      process.launch();
      process.awaitHealthy(settings.startLimit(), this::isGivenUp);
    } else if (!part.isHealthy()) {
      throw new StackException(
          "%s does not answer at %s: check %s, its user and its password."
              .formatted(
                  part.name(),
                  part.status(null, false).address(),
                  StackSettings.variable(part.name(), "URL")));
    }
    listener.heard(
        part.name(), "healthy after " + began + "  " + part.status(null, true).address());
  }

  private void initialiseDatabases() {
    var began = Stopwatch.start();
    parts.dbInit().run();
    listener.heard(DbInit.NAME, "done after " + began);
  }

  private boolean isGivenUp() {
    return failure.get() != null || interrupted.getAsBoolean();
  }

  private void attempt(Runnable step) {
    try {
      if (interrupted.getAsBoolean()) {
        throw new StackException("Interrupted.");
      }
      step.run();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
      throw e;
    }
  }

  private RuntimeException firstFailure(CompletionException thrown) {
    if (interrupted.getAsBoolean()) {
      return new StackException("Interrupted.", thrown);
    }
    var first = failure.get();
    return first != null ? first : thrown;
  }
}
