package dev.tandem.bench;

import dev.tandem.bench.RunFacts.FaultMark;
import dev.tandem.bench.RunFacts.Spent;
import dev.tandem.bench.RunFacts.Window;
import java.util.ArrayList;
import java.util.List;

/** What a run has found out so far, besides its history. */
record Findings(List<Window> windows, List<FaultMark> faults, List<Spent> spent) {
  Findings() {
    this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  void add(Findings other) {
    windows.addAll(other.windows);
    faults.addAll(other.faults);
    spent.addAll(other.spent);
  }
}
