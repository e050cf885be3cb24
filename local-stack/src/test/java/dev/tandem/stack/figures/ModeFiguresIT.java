package dev.tandem.stack.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.StackSettings;
import dev.tandem.stack.figures.ClosedLoop.Window;
import dev.tandem.stack.meters.Spent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All modes side by side: their stacks run at the same time, the others are idle while one is
 * measured, and the windows take turns, so that a machine that drifts favours none. Quote the
 * ratios.
 */
@Tag("figures")
class ModeFiguresIT {
  private static final String FLOOR = "besteffort";
  private static final List<String> MODES = StackSettings.MODES;
  private static final List<Integer> CLIENTS = List.of(1, 8);
  private static final int ROUNDS = 3;
  private static final Duration WINDOW =
      Duration.ofSeconds(Integer.getInteger("tandem.figures.window-seconds", 8));

  /** Changes that fail among so many are an accident of the machine. */
  private static final int ONE_OF = 200;

  /** One mode with one number of clients. */
  private record Cell(String mode, int clients) {}

  /** One window, and what the stack has spent in it. */
  private record Measured(Window window, Spent spent) {}

  private final Map<Cell, List<Measured>> measured = new HashMap<>();
  private final List<Shop> shops = new ArrayList<>();
  private final StringBuilder report = new StringBuilder();

  @AfterEach
  void leaveNothing() {
    shops.forEach(Shop::close);
  }

  @Test
  void theModesSideBySide(@TempDir Path folder) throws Exception {
    for (var mode : MODES) {
      shops.add(new Shop(mode, folder));
    }
    for (var shop : shops) {
      say("%s was warm after %s%n", shop.mode, new WarmUp(shop).run());
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int clients : CLIENTS) {
        for (var shop : shops) {
          measure(shop, clients);
        }
      }
      Collections.rotate(shops, 1); // none is always measured after the same one
    }
    tables();
    Files.writeString(Path.of("target", "mode-figures.md"), report);
    assertThat(total(Window::failures) * ONE_OF)
        .as("changes that failed")
        .isLessThanOrEqualTo(total(Window::changes));
  }

  static ClosedLoop loop(Shop shop, int clients) throws Exception {
    return new ClosedLoop(
        shop.customerService(), new ConcurrentHashMap<>(shop.versions()), clients);
  }

  private void measure(Shop shop, int clients) throws Exception {
    var loop = loop(shop, clients);
    var before = shop.spent();
    var window = loop.run(WINDOW);
    measured
        .computeIfAbsent(new Cell(shop.mode, clients), cell -> new ArrayList<>())
        .add(new Measured(window, shop.spent().since(before)));
  }

  private double total(ToDoubleFunction<Window> count) {
    return measured.values().stream()
        .flatMap(List::stream)
        .map(Measured::window)
        .mapToDouble(count)
        .sum();
  }

  private void tables() {
    say("%n| clients | mode | changes/s | p50 ms | p99 ms | failed | forced by databases ");
    say("| by coordinator | HTTP calls | CPU ms |%n|---|---|---|---|---|---|---|---|---|---|%n");
    each((clients, mode) -> row(clients, mode));
    var parts = measured.values().iterator().next().get(0).spent().cpuMillis().keySet();
    say("%nCPU ms per change%n%n| clients | mode | %s |%n", String.join(" | ", parts));
    say("|---|---|%s%n", "---|".repeat(parts.size()));
    each(
        (clients, mode) ->
            say(
                "| %d | %s | %s |%n",
                clients,
                mode,
                parts.stream()
                    .map(part -> number(perChange(clients, mode, s -> s.cpuMillis().get(part))))
                    .collect(Collectors.joining(" | "))));
    say("%nBeside %s, round by round%n%n| clients | mode | throughput | p50 | p99 |%n", FLOOR);
    say("|---|---|---|---|---|%n");
    each(
        (clients, mode) -> {
          if (!mode.equals(FLOOR)) {
            say(
                "| %d | %s | %s | %s | %s |%n",
                clients,
                mode,
                ratios(clients, mode, Window::perSecond),
                ratios(clients, mode, window -> percentile(window, 50)),
                ratios(clients, mode, window -> percentile(window, 99)));
          }
        });
  }

  private interface Row {
    void of(int clients, String mode);
  }

  private static void each(Row row) {
    CLIENTS.forEach(clients -> MODES.forEach(mode -> row.of(clients, mode)));
  }

  private void row(int clients, String mode) {
    say(
        "| %d | %s | %.0f | %s | %s | %.0f | %s | %s | %s | %s |%n",
        clients,
        mode,
        median(clients, mode, Window::perSecond),
        number(median(clients, mode, window -> percentile(window, 50))),
        number(median(clients, mode, window -> percentile(window, 99))),
        windows(clients, mode).stream().mapToDouble(Window::failures).sum(),
        number(perChange(clients, mode, Spent::forcedByDatabases)),
        number(perChange(clients, mode, Spent::forcedByCoordinator)),
        number(perChange(clients, mode, Spent::httpCalls)),
        number(perChange(clients, mode, Spent::cpuMillisInAll)));
  }

  private double perChange(int clients, String mode, ToDoubleFunction<Spent> figure) {
    var all = measured.get(new Cell(mode, clients));
    var spent = all.stream().map(Measured::spent).reduce(Spent.NOTHING, Spent::plus);
    return figure.applyAsDouble(spent)
        / all.stream().mapToLong(each -> each.window().changes()).sum();
  }

  private String ratios(int clients, String mode, ToDoubleFunction<Window> figure) {
    var floor = windows(clients, FLOOR);
    var mine = windows(clients, mode);
    var each = new ArrayList<String>();
    for (int round = 0; round < ROUNDS; round++) {
      each.add(
          number(figure.applyAsDouble(mine.get(round)) / figure.applyAsDouble(floor.get(round))));
    }
    return String.join(" ", each);
  }

  private List<Window> windows(int clients, String mode) {
    return measured.get(new Cell(mode, clients)).stream().map(Measured::window).toList();
  }

  private double median(int clients, String mode, ToDoubleFunction<Window> figure) {
    var sorted = windows(clients, mode).stream().mapToDouble(figure).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static double percentile(Window window, double percent) {
    return window.micros().getValueAtPercentile(percent) / 1_000.0;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private void say(String format, Object... values) {
    var text = String.format(Locale.ROOT, format, values);
    report.append(text);
    System.out.print(text);
  }
}
