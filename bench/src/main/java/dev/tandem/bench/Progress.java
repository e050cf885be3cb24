package dev.tandem.bench;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.load.Tally;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells people how far a run is: by one line that is written anew on a terminal, by plain lines
 * elsewhere.
 */
final class Progress implements AutoCloseable {
  private static final String ANEW = "\r\u001b[K";

  /** A line that is too long is cut at the edge: broken in two it could not be written anew. */
  private static final String UNBROKEN = "\u001b[?7l%s\u001b[?7h";

  private static final long REFRESH_MILLIS = 500;

  private final PrintWriter out;
  private final boolean terminal;
  private final Tally tally = new Tally();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Progress::daemon);
  private final long began = System.nanoTime();
  private Duration expected = Duration.ZERO;
  private String now = "";

  private Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    if (terminal) {
      timer.scheduleAtFixedRate(
          this::rewrite, REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  static Progress to(PrintWriter out) {
    return isTerminal() ? terminal(out) : plain(out);
  }

  /** Asked of the kernel: what Java takes for a console has changed with its versions. */
  private static boolean isTerminal() {
    try {
      var out = Path.of("/proc/self/fd/1").toRealPath().toString();
      return out.startsWith("/dev/pts") || out.startsWith("/dev/tty");
    } catch (IOException notToBeSeen) {
      return false;
    }
  }

  static Progress plain(PrintWriter out) {
    return new Progress(out, false);
  }

  static Progress terminal(PrintWriter out) {
    return new Progress(out, true);
  }

  void expect(Duration whole) {
    expected = whole;
  }

  /** A line that stays. */
  synchronized void say(String line) {
    out.println(terminal ? ANEW + line : line);
    out.flush();
  }

  /** A window begins. */
  synchronized void begin(String window) {
    now = window;
    tally.reset();
  }

  /** The window has ended. */
  synchronized void end() {
    if (!terminal && !now.isEmpty()) {
      say("%s  %-58s %s".formatted(times(), now, tally.inWords()).stripTrailing());
    }
    now = "";
  }

  void made(Call call) {
    tally.add(call);
  }

  @Override
  public synchronized void close() {
    timer.shutdownNow();
    if (terminal) {
      out.print(ANEW);
      out.flush();
    }
  }

  private synchronized void rewrite() {
    if (!now.isEmpty()) {
      out.printf(ANEW + UNBROKEN, times() + "  " + now + "  " + tally.inWords());
      out.flush();
    }
  }

  private String times() {
    return inWords(Duration.ofNanos(System.nanoTime() - began)) + " of " + inWords(expected);
  }

  static String inWords(Duration time) {
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "progress");
    thread.setDaemon(true);
    return thread;
  }
}
