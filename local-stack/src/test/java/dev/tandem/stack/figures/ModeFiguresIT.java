package dev.tandem.stack.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.figures.ClosedLoop.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * XA beside best effort: both stacks run at the same time, one is idle while the other is measured,
 * and the windows alternate, so that a machine that drifts favours neither. Quote the ratios.
 */
@Tag("figures")
class ModeFiguresIT {

  private static final Duration WINDOW = Duration.ofSeconds(6);
  private static final Duration WARM_UP = Duration.ofSeconds(12);
  private static final int ROUNDS = 3;
  private static final List<Integer> CLIENTS = List.of(1, 8);

  private final Map<String, List<Window>> windows = new LinkedHashMap<>();
  private final Map<String, Shop.Counters> counted = new LinkedHashMap<>();

  @Test
  void xaBesideBestEffort(@TempDir Path folder) throws Exception {
    try (var xa = new Shop("xa", folder);
        var floor = new Shop("besteffort", folder)) {
      for (var shop : List.of(xa, floor)) {
        loop(shop, 8).run(WARM_UP);
        loop(shop, 1).run(WARM_UP.dividedBy(3));
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (int clients : CLIENTS) {
          for (var shop : List.of(xa, floor)) {
            measure(shop, clients);
          }
        }
      }
    }
    var table = table();
    System.out.println(table);
    Files.writeString(Path.of("target", "mode-figures.md"), table);
    assertThat(windows.values().stream().flatMap(List::stream).mapToLong(Window::failures).sum())
        .as("changes that failed")
        .isZero();
  }

  private static ClosedLoop loop(Shop shop, int clients) throws Exception {
    return new ClosedLoop(
        shop.customerService(), new ConcurrentHashMap<>(shop.versions()), clients);
  }

  private void measure(Shop shop, int clients) throws Exception {
    var before = shop.counters();
    var window = loop(shop, clients).run(WINDOW);
    var cell = shop.mode + " " + clients;
    windows.computeIfAbsent(cell, key -> new ArrayList<>()).add(window);
    var spent = shop.counters().since(before);
    counted.merge(
        cell,
        spent,
        (a, b) ->
            new Shop.Counters(
                a.forcedByDatabases() + b.forcedByDatabases(),
                a.forcedByCoordinator() + b.forcedByCoordinator(),
                a.httpCalls() + b.httpCalls()));
  }

  private String table() {
    var text = new StringBuilder();
    text.append("| clients | mode | changes/s | p50 ms | p99 ms | ");
    text.append("forced by databases | by coordinator | HTTP calls |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    for (int clients : CLIENTS) {
      for (var mode : List.of("xa", "besteffort")) {
        row(text, mode, clients);
      }
    }
    for (int clients : CLIENTS) {
      text.append(
          "\n%d clients, xa / besteffort, the rounds: throughput %s, p50 %s, p99 %s\n"
              .formatted(
                  clients,
                  ratios(clients, Window::perSecond),
                  ratios(clients, window -> percentile(window, 50)),
                  ratios(clients, window -> percentile(window, 99))));
    }
    return text.toString();
  }

  private void row(StringBuilder text, String mode, int clients) {
    var cell = mode + " " + clients;
    var all = windows.get(cell);
    long changes = all.stream().mapToLong(Window::changes).sum();
    var spent = counted.get(cell);
    text.append(
        "| %d | %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f |\n"
            .formatted(
                clients,
                mode,
                median(all, Window::perSecond),
                median(all, window -> percentile(window, 50)),
                median(all, window -> percentile(window, 99)),
                (double) spent.forcedByDatabases() / changes,
                (double) spent.forcedByCoordinator() / changes,
                (double) spent.httpCalls() / changes));
  }

  private String ratios(int clients, java.util.function.ToDoubleFunction<Window> figure) {
    var xa = windows.get("xa " + clients);
    var floor = windows.get("besteffort " + clients);
    var each = new ArrayList<String>();
    for (int round = 0; round < ROUNDS; round++) {
      each.add(
          "%.2f"
              .formatted(
                  figure.applyAsDouble(xa.get(round)) / figure.applyAsDouble(floor.get(round))));
    }
    return String.join(" ", each);
  }

  private static double percentile(Window window, double percent) {
    return window.micros().getValueAtPercentile(percent) / 1_000.0;
  }

  private static double median(
      List<Window> all, java.util.function.ToDoubleFunction<Window> figure) {
    var sorted = all.stream().mapToDouble(figure).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
