package dev.tandem.coordinator.xa.log;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Skeleton: the API to compile against. */
public final class DecisionLog implements AutoCloseable {

  private DecisionLog() {}

  public static DecisionLog open(Path folder, LogSettings settings, Clock clock, Halt halt) {
    throw new UnsupportedOperationException();
  }

  public void decide(Decision decision) {
    throw new UnsupportedOperationException();
  }

  public void end(String transaction) {
    throw new UnsupportedOperationException();
  }

  public void note(Anomaly anomaly) {
    throw new UnsupportedOperationException();
  }

  public void acknowledge(Anomaly anomaly) {
    throw new UnsupportedOperationException();
  }

  public Optional<Decision> find(String transaction) {
    throw new UnsupportedOperationException();
  }

  public Collection<Decision> undelivered() {
    throw new UnsupportedOperationException();
  }

  public List<Anomaly> anomalies() {
    throw new UnsupportedOperationException();
  }

  public LogFigures figures() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
