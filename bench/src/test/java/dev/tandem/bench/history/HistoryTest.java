package dev.tandem.bench.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final int CLIENTS = 4;
  private static final int CALLS = 500;

  @TempDir private Path folder;

  @Test
  void whatManyThreadsAddedIsReadBack() {
    var file = folder.resolve(History.FILE);
    try (var writer = new HistoryWriter(file)) {
      CompletableFuture.allOf(
              IntStream.range(0, CLIENTS)
                  .mapToObj(client -> CompletableFuture.runAsync(() -> addAll(writer, client)))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
    var expected = new ArrayList<Call>();
    IntStream.range(0, CLIENTS)
        .forEach(client -> IntStream.range(0, CALLS).forEach(i -> expected.add(call(client, i))));
    assertThat(History.read(file)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void addAll(HistoryWriter writer, int client) {
    IntStream.range(0, CALLS).forEach(i -> writer.add(call(client, i)));
  }

  private static Call call(int client, int i) {
    return new Call(
        (long) client * CALLS + i,
        "client-" + client,
        "xa",
        1,
        "healthy",
        Operation.CHANGE_LIMIT,
        "customer",
        "10.00",
        i,
        i + 1L,
        i + 2L,
        Ending.REFUSED,
        409,
        "change-in-progress",
        7,
        "change",
        "");
  }
}
