package dev.tandem.bench.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls as they come, from any thread. Adding never waits: a thread of its own writes. What
 * was added before {@link #close} is in the file after it.
 */
public final class HistoryWriter implements AutoCloseable {
  private static final int BATCH = 1000;

  private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
  private final Writer file;
  private final Thread writer = new Thread(this::write, "history");
  private volatile @Nullable IOException failure;

  /** Makes the file, or empties it. */
  public HistoryWriter(Path path) {
    this.file = History.openForWriting(path);
    writer.setDaemon(true);
    writer.start();
  }

  public void add(Call call) {
    queue.add(new Entry.Made(call));
  }

  /** Returns when all is written. */
  @Override
  public void close() {
    queue.add(new Entry.End());
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted before the history was written.", e);
    }
    var failed = failure;
    if (failed != null) {
      throw new UncheckedIOException("The history could not be written.", failed);
    }
  }

  private void write() {
    try (file) {
      var batch = new ArrayList<Entry>();
      do {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, BATCH);
      } while (writeAll(batch));
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      failure = new IOException("Interrupted.", e);
    }
  }

  private boolean writeAll(List<Entry> batch) throws IOException {
    for (var entry : batch) {
      if (!(entry instanceof Entry.Made made)) {
        return false;
      }
      file.write(History.line(made.call()));
      file.write('\n');
    }
    return true;
  }

  private sealed interface Entry {
    record Made(Call call) implements Entry {}

    record End() implements Entry {}
  }
}
