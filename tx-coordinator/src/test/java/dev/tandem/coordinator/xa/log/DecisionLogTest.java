package dev.tandem.coordinator.xa.log;

import static dev.tandem.coordinator.xa.log.Given.NEVER_HALTED;
import static dev.tandem.coordinator.xa.log.Given.NOW;
import static dev.tandem.coordinator.xa.log.Given.anomaly;
import static dev.tandem.coordinator.xa.log.Given.decision;
import static dev.tandem.coordinator.xa.log.Given.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class DecisionLogTest {

  private static final LogSettings SMALL = new LogSettings(16384);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path temp;

  @Test
  void aDecisionIsThereAfterARestartUntilItEnds() {
    Path folder = temp.resolve("log");
    try (var log = log(folder)) {
      log.decide(decision(1));
      log.decide(decision(2));
      log.end("tandem-1");
    }
    try (var log = log(folder)) {
      assertThat(log.find("tandem-1")).isEmpty();
      assertThat(log.find("tandem-2")).contains(decision(2));
      assertThat(log.undelivered()).containsExactly(decision(2));
    }
  }

  @Test
  void anUndeliveredDecisionNeverExpires() {
    try (var log = log(temp, SMALL)) {
      log.decide(decision(0));
      churn(log, 20);
    }
    var muchLater = Clock.fixed(NOW.plus(Duration.ofDays(400)), ZoneOffset.UTC);
    try (var log = DecisionLog.open(temp, SMALL, muchLater, NEVER_HALTED)) {
      churn(log, 20);
      assertThat(log.find("tandem-0")).contains(decision(0));
    }
    try (var log = log(temp, SMALL)) {
      assertThat(log.undelivered()).containsExactly(decision(0));
    }
  }

  @Test
  void anAnomalyIsKeptOnceUntilItIsAcknowledged() {
    try (var log = log(temp, SMALL)) {
      log.note(anomaly(1));
      log.note(anomaly(2));
      log.note(anomaly(1));
      churn(log, 20);
      log.acknowledge(anomaly(2));
    }
    try (var log = log(temp, SMALL)) {
      assertThat(log.anomalies()).containsExactly(anomaly(1));
    }
  }

  @Test
  void diskUseIsBoundedHoweverMuchIsWritten() throws Exception {
    try (var log = log(temp, SMALL)) {
      log.decide(decision(0));
      churn(log, 500);
      assertThat(log.figures().segments()).isGreaterThan(100);
      try (var files = Files.list(temp)) {
        assertThat(files.mapToLong(file -> file.toFile().length()).sum())
            .isEqualTo(2L * SMALL.segmentBytes());
      }
    }
  }

  @Test
  void moreUndeliveredDecisionsThanASegmentHoldsMakeItGrowAndShrinkAgain() throws Exception {
    try (var log = log(temp, SMALL)) {
      IntStream.range(0, 400).forEach(i -> log.decide(decision(i)));
      assertThat(log.undelivered()).hasSize(400);
    }
    try (var log = log(temp, SMALL)) {
      assertThat(log.undelivered()).hasSize(400);
      assertThat(Files.size(Given.newestSegment(temp))).isGreaterThan(2L * 40_000);
      IntStream.range(0, 400).forEach(i -> log.end("tandem-" + i));
      churn(log, 100);
      assertThat(Files.size(Given.newestSegment(temp))).isEqualTo(SMALL.segmentBytes());
    }
  }

  @Test
  void segmentsHaveAllTheirBlocksOnDiskBeforeTheyAreNeeded() throws Exception {
    try (var log = log(temp, LogSettings.defaults())) {
      for (var file : List.of(Given.newestSegment(temp), temp.resolve("spare"))) {
        var stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        long blocks = Long.parseLong(new String(stat.getInputStream().readAllBytes()).trim());
        assertThat(blocks * 512).as(file.toString()).isGreaterThanOrEqualTo(8L * 1024 * 1024);
      }
    }
  }

  @Test
  void callersThatWaitTogetherShareOneForce() throws Exception {
    var disk = new SimulatedDisk(temp.resolve("attic"));
    try (var log = DecisionLog.open(temp.resolve("log"), SMALL, Given.CLOCK, NEVER_HALTED, disk)) {
      long before = log.figures().forces();
      disk.gate = new CountDownLatch(1);
      var callers = new ArrayList<Thread>();
      callers.add(start(() -> log.decide(decision(0))));
      awaitWaiting(callers);
      for (int i = 1; i < 32; i++) {
        int number = i;
        callers.add(start(() -> log.decide(decision(number))));
      }
      awaitWaiting(callers);
      disk.gate.countDown();
      for (Thread caller : callers) {
        caller.join(LIMIT.toMillis());
      }
      assertThat(log.undelivered()).hasSize(32);
      assertThat(log.figures().forces() - before).isLessThanOrEqualTo(3); // one may be a head
    }
  }

  @Test
  void endsAreNotForcedOneByOne() {
    try (var log = log(temp)) {
      IntStream.range(0, 50).forEach(i -> log.decide(decision(i)));
      long before = log.figures().forces();
      IntStream.range(0, 50).forEach(i -> log.end("tandem-" + i));
      log.end("tandem-unknown");
      assertThat(log.undelivered()).isEmpty();
      await().atMost(LIMIT).until(() -> log.waiting() == 0);
      assertThat(log.figures().forces() - before).isLessThan(10);
    }
  }

  @Test
  void anEndIsOnDiskAWhileLaterWithoutAnotherDecision() throws IOException {
    Path folder = temp.resolve("log");
    Path asAfterACrash = temp.resolve("copy");
    try (var log = log(folder)) {
      log.decide(decision(1));
      log.end("tandem-1");
      long records = log.figures().records();
      await().atMost(LIMIT).until(() -> log.figures().records() > records);
      FileSystemUtils.copyRecursively(folder, asAfterACrash);
    }
    try (var log = log(asAfterACrash)) {
      assertThat(log.undelivered()).isEmpty();
    }
  }

  @Test
  void anInterruptedCallerStillWaitsForTheForce() throws Exception {
    var disk = new SimulatedDisk(temp.resolve("attic"));
    try (var log = DecisionLog.open(temp.resolve("log"), SMALL, Given.CLOCK, NEVER_HALTED, disk)) {
      disk.gate = new CountDownLatch(1);
      var returned = new AtomicBoolean();
      var stillInterrupted = new AtomicBoolean();
      var caller =
          start(
              () -> {
                log.decide(decision(1));
                stillInterrupted.set(Thread.currentThread().isInterrupted());
                returned.set(true);
              });
      awaitWaiting(List.of(caller));
      caller.interrupt();
      await().atMost(LIMIT).until(() -> !caller.isInterrupted());
      awaitWaiting(List.of(caller));
      assertThat(returned).isFalse();
      assertThat(log.find("tandem-1")).isEmpty();
      disk.gate.countDown();
      await().atMost(LIMIT).untilTrue(returned);
      assertThat(stillInterrupted).isTrue();
      assertThat(log.find("tandem-1")).isPresent();
    }
  }

  @Test
  void interruptsBreakNeitherTheWriterNorItsChannel() throws Exception {
    try (var log = log(temp, SMALL)) {
      var number = new AtomicInteger();
      var callers =
          IntStream.range(0, 4)
              .mapToObj(
                  caller ->
                      start(
                          () -> {
                            for (int i = 0; i < 50; i++) {
                              Thread.currentThread().interrupt();
                              log.decide(decision(number.getAndIncrement()));
                            }
                          }))
              .toList();
      while (callers.stream().anyMatch(Thread::isAlive)) {
        callers.forEach(Thread::interrupt);
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("decision-log"))
            .forEach(Thread::interrupt);
      }
      assertThat(log.undelivered()).hasSize(200);
    }
    try (var log = log(temp, SMALL)) {
      assertThat(log.undelivered()).hasSize(200);
    }
  }

  @Test
  void aClosedLogDecidesNothing() {
    var log = log(temp);
    log.close();
    log.close();
    assertThatThrownBy(() -> log.decide(decision(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aFolderThatIsNoFolderIsRefusedWithASentence() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> log(file))
        .isInstanceOf(LogUnusable.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("cannot be opened");
  }

  /** Decides and ends, so that segments come and go. */
  private static void churn(DecisionLog log, int times) {
    for (int i = 0; i < times; i++) {
      log.decide(decision(1_000_000 + i));
      log.end("tandem-" + (1_000_000 + i));
    }
  }

  private static Thread start(Runnable work) {
    var thread = new Thread(work);
    thread.start();
    return thread;
  }

  private static void awaitWaiting(List<Thread> threads) {
    await()
        .atMost(LIMIT)
        .until(() -> threads.stream().allMatch(one -> one.getState() == Thread.State.WAITING));
  }
}
