package dev.tandem.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import dev.tandem.bench.load.Shape.Range;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
  private static final int RATE = 100;
  private static final int MANY = 20;
  private static final long STALL_MILLIS = 300;
  private static final Place PLACE = new Place(1, "healthy");

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private StallingServer server;
  private Caller caller;

  @BeforeEach
  void serve() throws IOException {
    server = new StallingServer();
    caller = new Caller(server.url(), server.url(), new RunClock(), calls::add);
  }

  @AfterEach
  void leaveNothing() {
    timer.shutdownNow();
    server.close();
  }

  @Test
  void aServerThatStandsStillIsSeenInEveryCallThatWasDueMeanwhile() {
    long wentOn;
    try (var loop = new OpenLoop(caller)) {
      try (var load = loop.begin(arm(), PLACE, script())) {
        await().until(() -> !calls.isEmpty());
        server.stall();
        await().until(() -> server.held() >= MANY);
        wentOn = caller.clock().now();
        server.goOn();
      }
    }

    var late = calls.stream().filter(call -> call.intended() < wentOn && call.ended() >= wentOn);
    assertThat(late).hasSizeGreaterThanOrEqualTo(MANY);
    assertThat(calls).extracting(Call::ending).containsOnly(Ending.OK);
  }

  @Test
  void whateverEndsALoopItsCallsUnderWayAreInTheHistory() {
    server.stall();
    try (var loop = new OpenLoop(caller)) {
      loop.run(arm(), PLACE, script(), Duration.ofMillis(300));
      assertThat(calls).isEmpty();
      timer.schedule(server::goOn, 100, TimeUnit.MILLISECONDS);
    }

    assertThat(calls).isNotEmpty().extracting(Call::ending).containsOnly(Ending.OK);
  }

  @Test
  void aClosedLoopHidesTheSameStallInOneCallOfEachClient() {
    server.stall();
    timer.schedule(server::goOn, STALL_MILLIS, TimeUnit.MILLISECONDS);
    var shape = shape().onlyChanges(1, Spread.UNIFORM);
    new ClosedLoop(caller)
        .run(arm(), PLACE, shape, new Script(shape, 1), Duration.ofMillis(2 * STALL_MILLIS));

    assertThat(server.held()).isEqualTo(1);
    assertThat(calls).isNotEmpty();
  }

  @Test
  void latencyIsCountedFromTheTimeWhenTheCallWasDue() {
    long now = caller.clock().now();
    var step = new Step(0, 0, 0, Operation.READ_CUSTOMER, 0, "", Step.NO_ORDER);
    caller.make(arm(), PLACE, step, now - TimeUnit.SECONDS.toNanos(1));

    assertThat(latencyMillis(calls.get(0))).isGreaterThanOrEqualTo(1_000);
    assertThat(calls.get(0).started()).isGreaterThanOrEqualTo(now);
  }

  @Test
  void whereNobodyListensACallHasFailedAndNothingIsOpen() {
    server.close();
    var step = new Step(0, 0, 0, Operation.CHANGE_LIMIT, 0, "1.00", Step.NO_ORDER);
    caller.make(arm(), PLACE, step, 0);

    assertThat(calls).extracting(Call::ending).containsExactly(Ending.FAILED);
    assertThat(calls).extracting(Call::word).containsExactly("no-connection");
  }

  @Test
  void twoRunsWithOneSeedIssueTheSameOperations() {
    var first = operations();
    calls.clear();

    assertThat(operations()).containsExactlyInAnyOrderElementsOf(first).isNotEmpty();
  }

  private List<String> operations() {
    try (var loop = new OpenLoop(caller)) {
      loop.run(arm(), PLACE, script(), Duration.ofMillis(500));
    }
    return calls.stream()
        .map(call -> call.client() + call.operation() + call.customer() + call.amount())
        .toList();
  }

  private static long latencyMillis(Call call) {
    return TimeUnit.NANOSECONDS.toMillis(call.ended() - call.intended());
  }

  private static Arm arm() {
    return new Arm("xa", List.of("ada", "bob"));
  }

  private static Script script() {
    return new Script(shape(), 1);
  }

  private static Shape shape() {
    return new Shape(
        RATE,
        4,
        2,
        Spread.UNIFORM,
        Limits.ANY,
        new Range(100, 1000),
        new Range(1, 50),
        Map.of(Operation.CHANGE_LIMIT, 1, Operation.READ_CUSTOMER, 1));
  }
}
