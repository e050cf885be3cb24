package dev.tandem.coordinator.xa.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The coordinator's memory over a crash: decisions to commit whose branches have not all confirmed,
 * and anomalies nobody has acknowledged. Nothing in it expires.
 *
 * <p>Promised: what {@link #decide} returned for is found after any crash of the process, and of
 * the machine if the disk keeps what it was forced to keep, until {@link #end}. Not promised: that
 * an end is remembered (a decision may come back and must be delivered again), nor that a decision
 * is forgotten because {@code decide} did not return. The file format is in {@code
 * docs/decision-log-format.md}.
 *
 * <p>All methods may be called by any number of threads, interrupted ones included. After a failed
 * write or force the process is halted; if {@link Halt} returns, every further write throws an
 * {@link Error}.
 */
public final class DecisionLog implements AutoCloseable {

  private final LogFolder folder;
  private final LogState state;
  private final SegmentChain segments;
  private final GroupWriter writer;

  private DecisionLog(LogFolder folder, LogState state, SegmentChain segments, GroupWriter writer) {
    this.folder = folder;
    this.state = state;
    this.segments = segments;
    this.writer = writer;
    writer.start();
  }

  /**
   * Opens the log, or begins one in an empty or missing folder. One process may have it open.
   *
   * @throws LogUnusable if it is in use, cannot be written, or was damaged; no decision was lost by
   *     trying
   */
  public static DecisionLog open(Path folder, LogSettings settings, Clock clock, Halt halt) {
    return open(folder, settings, clock, halt, new FileOperations());
  }

  static DecisionLog open(
      Path path, LogSettings settings, Clock clock, Halt halt, FileOperations files) {
    try {
      var folder = LogFolder.hold(path, files);
      try {
        return open(folder, path, settings, clock, halt, files);
      } catch (IOException | RuntimeException | Error failure) {
        folder.release();
        throw failure;
      }
    } catch (IOException failure) {
      throw new LogUnusable(
          "The decision log "
              + path
              + " cannot be opened ("
              + failure
              + "). Check that the folder exists, may be written by this user, and that its disk has"
              + " room.",
          failure);
    }
  }

  private static DecisionLog open(
      LogFolder folder,
      Path path,
      LogSettings settings,
      Clock clock,
      Halt halt,
      FileOperations files)
      throws IOException {
    var found = folder.segments();
    long newest = found.isEmpty() ? 0 : found.get(found.size() - 1);
    if (newest == 0 && folder.hasSpare()) {
      throw damaged(path, "its segment is missing, only the spare is there");
    }
    var state = new LogState();
    long nextRecord = 1;
    if (newest > 0) {
      var recovered = recover(folder, newest);
      state = recovered.state();
      nextRecord = recovered.nextRecord();
    }
    folder.tidy();
    var segments = new SegmentChain(folder, files, settings, clock, state, newest, nextRecord);
    var writer = new GroupWriter(segments, state, halt, path.toString());
    return new DecisionLog(folder, state, segments, writer);
  }

  private static Recovery recover(LogFolder folder, long segment) throws IOException {
    try {
      return Recovery.read(segment, folder.read(segment));
    } catch (Damage damage) {
      throw damaged(folder.segment(segment), damage.sentence());
    }
  }

  private static LogUnusable damaged(Path where, String what) {
    return new LogUnusable(
        "The decision log is damaged, "
            + where
            + " "
            + what
            + ". Decisions to commit may be unreadable, so the coordinator does not start. Put back an"
            + " undamaged copy of the folder; if there is none, resolve every prepared branch of this"
            + " coordinator by hand, then move the folder away (docs/decision-log-format.md).");
  }

  /**
   * Returns when the decision is forced to disk, and in no other case.
   *
   * @throws IllegalStateException if the log is closed; nothing was written
   */
  public void decide(Decision decision) {
    writer.force(new LogRecord.Decided(decision));
  }

  /**
   * Every branch has confirmed: the decision need not be kept. Forgotten at once in memory; on disk
   * with the next forced record, when there is none for a while (200 ms), or at {@link #close}.
   */
  public void end(String transaction) {
    var ended = new LogRecord.Ended(transaction);
    if (state.find(transaction).isPresent()) {
      state.apply(ended);
      writer.write(ended);
    }
  }

  /**
   * Returns when the anomaly is forced to disk. Found again at the same branch, it is kept once.
   */
  public void note(Anomaly anomaly) {
    if (!state.knows(anomaly)) {
      writer.force(new LogRecord.Noted(anomaly));
    }
  }

  /** A human has seen it: it need not be kept. Returns when that is forced. */
  public void acknowledge(Anomaly anomaly) {
    if (state.knows(anomaly)) {
      writer.force(new LogRecord.Acknowledged(anomaly));
    }
  }

  /** The decision, if it was forced and has not ended. */
  public Optional<Decision> find(String transaction) {
    return state.find(transaction);
  }

  /** All decisions that were forced and have not ended, in no order. */
  public Collection<Decision> undelivered() {
    return state.undelivered();
  }

  /** All anomalies not acknowledged, the oldest first. */
  public List<Anomaly> anomalies() {
    return state.anomalies();
  }

  /** How many records are not on disk yet: ends above all, which nobody waits for. */
  public int waiting() {
    return writer.waiting();
  }

  public LogFigures figures() {
    return segments.figures();
  }

  /** Writes what is pending and frees the folder. Repeating it does nothing. */
  @Override
  public void close() {
    try {
      writer.finish();
      folder.release();
    } catch (IOException failure) {
      throw new LogUnusable("The decision log could not be closed", failure);
    }
  }
}
