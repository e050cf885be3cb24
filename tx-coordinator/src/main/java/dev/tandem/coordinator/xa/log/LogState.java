package dev.tandem.coordinator.xa.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the records so far add up to: decisions not yet ended, anomalies not yet acknowledged. */
final class LogState {

  /** An anomaly found again, at each retry of a commit, is still one anomaly. */
  private record Place(String transaction, String participant, String branch) {
    static Place of(Anomaly anomaly) {
      return new Place(anomaly.transaction(), anomaly.participant(), anomaly.branch());
    }
  }

  private final Map<String, Decision> decisions = new ConcurrentHashMap<>();
  private final Map<Place, Anomaly> anomalies = new ConcurrentHashMap<>();

  void apply(LogRecord fact) {
    if (fact instanceof LogRecord.Decided decided) {
      decisions.put(decided.decision().transaction(), decided.decision());
    } else if (fact instanceof LogRecord.Ended ended) {
      decisions.remove(ended.transaction());
    } else if (fact instanceof LogRecord.Noted noted) {
      anomalies.putIfAbsent(Place.of(noted.anomaly()), noted.anomaly());
    } else if (fact instanceof LogRecord.Acknowledged acknowledged) {
      anomalies.remove(Place.of(acknowledged.anomaly()));
    }
  }

  boolean knows(Anomaly anomaly) {
    return anomalies.containsKey(Place.of(anomaly));
  }

  Optional<Decision> find(String transaction) {
    return Optional.ofNullable(decisions.get(transaction));
  }

  Collection<Decision> undelivered() {
    return List.copyOf(decisions.values());
  }

  List<Anomaly> anomalies() {
    return anomalies.values().stream().sorted(Comparator.comparing(Anomaly::at)).toList();
  }

  /** The records that, read alone, give this state again. */
  List<byte[]> asRecords() {
    var records = new ArrayList<byte[]>();
    undelivered()
        .forEach(decision -> records.add(LogRecord.encode(new LogRecord.Decided(decision))));
    anomalies().forEach(anomaly -> records.add(LogRecord.encode(new LogRecord.Noted(anomaly))));
    return records;
  }
}
