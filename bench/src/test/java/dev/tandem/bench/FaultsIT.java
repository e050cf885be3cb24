package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.bench.check.TwoDatabases;
import dev.tandem.bench.fault.Faults;
import dev.tandem.bench.fault.Links;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.load.Arm;
import dev.tandem.bench.load.Caller;
import dev.tandem.bench.load.RunClock;
import dev.tandem.bench.plan.FaultKind;
import dev.tandem.bench.plan.FaultWish;
import dev.tandem.bench.plan.Plan;
import dev.tandem.bench.plan.Plans;
import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import dev.tandem.stack.StackStatus.State;
import dev.tandem.stack.shop.ShopCheck;
import dev.tandem.stack.shop.ShopClient;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault on a real stack: it takes place, and when it is healed the stack is as before. And
 * what parts still hold when a run is over is seen.
 */
@Tag("crash")
class FaultsIT {
  private static final long SEED = 1;
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(4);
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);
  private static final FaultWish COORDINATOR_CANNOT_CALL =
      link(FaultKind.CUT_LINK, "tx-coordinator", 0);

  @TempDir private static Path folder;

  private static Links links;
  private static OwnStack own;
  private static Stack stack;
  private static ShopClient shop;
  private static List<String> customers;

  @BeforeAll
  static void openTheShop() {
    links = new Links(Stream.concat(faults(), Stream.of(COORDINATOR_CANNOT_CALL)).toList());
    own = new OwnStack(Path.of("..").toAbsolutePath().normalize(), folder.resolve("run"), links);
    own.up();
    stack = own.stack();
    shop = new ShopClient(url("customer-service"), url("order-service"));
    customers = Stream.generate(FaultsIT::newCustomer).limit(2).toList();
  }

  @AfterAll
  static void closeTheShop() {
    own.close();
    links.close();
  }

  @BeforeEach
  void aShopInModeXa() {
    new Settling(stack).switchTo("xa");
  }

  static Stream<FaultWish> faults() {
    return Stream.of(
        part(FaultKind.KILL, "order-service"),
        part(FaultKind.FREEZE, "order-service"),
        part(FaultKind.RESTART, "customer-service"),
        part(FaultKind.FULL_DISK, "tx-coordinator"),
        link(FaultKind.CUT_LINK, "customer-service", 0),
        link(FaultKind.SLOW_LINK, "customer-service", 50),
        link(FaultKind.HALF_OPEN_LINK, "customer-service", 0),
        link(FaultKind.RESET_LINK, "customer-service", 0),
        part(FaultKind.REPEAT_MESSAGES, ""),
        part(FaultKind.KILL_ANYTHING, ""));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultTakesPlaceAndIsHealed(FaultWish wish) throws Exception {
    boolean ofMessages = wish.kind() == FaultKind.REPEAT_MESSAGES;
    new Settling(stack).switchTo(ofMessages ? "event" : "xa");

    var healing = theseFaults().of(wish, SEED).strike();
    try (healing) {
      changeLimitsFor(LONG_ENOUGH);
    }

    assertThat(healing.evidence()).isNotEmpty().doesNotContain("nothing", "no change");
    System.out.println(wish.kind().word() + ": " + healing.evidence());
    if (ofMessages) {
      assertThat(changesThatCameLate()).isPositive();
    }
    theStackIsAsBefore();
  }

  @Test
  void inAModeWithoutEventsNoMessageIsSentAgain() throws Exception {
    var healing = theseFaults().of(part(FaultKind.REPEAT_MESSAGES, ""), SEED).strike();
    try (healing) {
      changeLimitsFor(Duration.ofSeconds(2));
    }
    assertThat(healing.evidence())
        .isEqualTo("the lanes were so, and no change was sent through them in this mode");
    theStackIsAsBefore();
  }

  @Test
  void aDiskThatCannotBeMountedIsRefusedBeforeAnythingIsDone() {
    var faults = new Faults(stack, links, Path.of("/proc"));
    var before = stack.status().part("broker").pid();

    assertThatThrownBy(() -> faults.of(part(FaultKind.FULL_DISK, "broker"), SEED).strike())
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith("The fault full-disk needs root");
    assertThat(stack.status().part("broker").pid()).isEqualTo(before);
  }

  @Test
  void aStrikeThatFailsHalfwayHealsWhatItHasDone() throws Exception {
    var inTheWay = Files.createDirectories(own.data().resolve("broker-before"));
    Files.createFile(inTheWay.resolve("something"));
    var before = stack.status().part("broker").pid();

    assertThatThrownBy(() -> theseFaults().of(part(FaultKind.FULL_DISK, "broker"), SEED).strike())
        .isInstanceOf(StackException.class);
    assertThat(stack.status().part("broker").pid()).as("it was killed").isNotEqualTo(before);
    theStackIsAsBefore();
  }

  @Test
  void aLoadThatThrowsDuringAFaultLeavesItHealed() throws Exception {
    var clock = new RunClock();
    var caller = new Caller(url("customer-service"), url("order-service"), clock, FaultsIT::fails);
    try (var progress = Progress.plain(new PrintWriter(Writer.nullWriter()))) {
      var scene =
          new Scene(tinyPlan(), SEED, stack, theseFaults(), caller, clock, new Changes(), progress);
      new Cell(scene, new Arm("xa", customers), 1, 1).underFault();
    }
    theStackIsAsBefore();
  }

  private static void fails(Call call) {
    if (call.window().equals("fault")) {
      throw new LoadFails();
    }
  }

  /** Its stack would be printed for every call. */
  private static final class LoadFails extends RuntimeException {
    LoadFails() {
      super("this load fails", null, false, false);
    }
  }

  private static Plan tinyPlan() throws Exception {
    var file =
        Files.writeString(
            folder.resolve("tiny.yaml"),
            """
            question: Is a fault healed when the load fails?
            load: {rate: 10, clients: 2, customers: 2}
            windows: {first-warm-up: 0, warm-up: 0, healthy: 0.5, fault: 1, after: 0.5, closed: 0}
            rounds: 1
            faults:
              - {fault: freeze, part: order-service}
            """);
    return Plans.find(file.toString());
  }

  @Test
  void whatIsInDoubtOrOpenAtTheCoordinatorIsSeen() throws Exception {
    for (var mode : List.of("xa", "lra")) {
      new Settling(stack).switchTo(mode);
      var healing = theseFaults().of(COORDINATOR_CANNOT_CALL, SEED).strike();
      try (healing) {
        var change = new Thread(() -> change(customers.get(0), "321.00"));
        change.start();
        await(mode).atMost(SETTLES_WITHIN).until(() -> !leftBehind(mode).isEmpty());
        assertThat(leftBehind(mode).get(0)).startsWith("1 ").endsWith(" at the coordinator");
        change.join();
      }
      await(mode).atMost(SETTLES_WITHIN).until(() -> leftBehind(mode).isEmpty());
    }
    theStackIsAsBefore();
  }

  @Test
  void aMessageThatNobodyCanTakeIsSeen() throws Exception {
    assertThat(leftBehind("event")).isEmpty();
    try (var poisoned = new BrokerSession()) {
      poisoned.send("tandem.credit-limits.lane-0");

      await("a dead letter").atMost(SETTLES_WITHIN).until(() -> !leftBehind("event").isEmpty());
      assertThat(leftBehind("event")).hasSize(1);
      assertThat(leftBehind("event").get(0)).startsWith("dead letter ID:").contains("not a text");

      poisoned.take("tandem.credit-limits.dead");
      assertThat(leftBehind("event")).isEmpty();
    }
  }

  @Test
  void deadLettersThatCannotBeSeenCountAsSome() {
    stack.kill("order-service");
    try {
      assertThat(leftBehind("event").get(0)).startsWith("dead letters that cannot be seen: ");
    } finally {
      stack.start("order-service");
    }
  }

  private static List<String> leftBehind(String mode) {
    return TwoDatabases.of(stack).leftBehind().getOrDefault(mode, List.of());
  }

  /** As the services' own user. */
  private static final class BrokerSession implements AutoCloseable {
    private final org.apache.activemq.artemis.api.core.client.ServerLocator locator;
    private final org.apache.activemq.artemis.api.core.client.ClientSessionFactory factory;
    private final ClientSession session;

    BrokerSession() throws Exception {
      var broker = stack.addresses("broker");
      locator = ActiveMQClient.createServerLocator(broker.url());
      factory = locator.createSessionFactory();
      session =
          factory.createSession(broker.user(), broker.password(), false, true, true, false, 0);
      session.start();
    }

    void send(String queue) throws Exception {
      try (var producer = session.createProducer(queue)) {
        producer.send(session.createMessage(Message.BYTES_TYPE, true));
      }
    }

    void take(String queue) throws Exception {
      try (var consumer = session.createConsumer(queue)) {
        consumer.receive(SETTLES_WITHIN.toMillis()).acknowledge();
      }
    }

    @Override
    public void close() throws Exception {
      session.close();
      factory.close();
      locator.close();
    }
  }

  private static Faults theseFaults() {
    return new Faults(stack, links, own.data());
  }

  private static void changeLimitsFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; System.nanoTime() < end; i++) {
      change(customers.get(i % customers.size()), 100 + i + ".00");
    }
  }

  private static int change(String customer, String limit) {
    return shop.send(
            "PUT",
            url("customer-service") + "/customers/" + customer + "/creditlimit",
            "{\"amount\":\"" + limit + "\"}",
            Map.of("If-Match", "*"))
        .status();
  }

  /** The changes that the copy has written down behind newer ones of their customer. */
  private static long changesThatCameLate() throws SQLException {
    assertThat(new Settling(stack).await()).isTrue();
    var copy = stack.addresses("order-db");
    try (var connection =
            DriverManager.getConnection(copy.jdbcUrl(), copy.user(), copy.password());
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    """
                    select count(*) from limit_change late
                     where exists (select from limit_change n
                                    where n.customer_id = late.customer_id
                                      and n.version > late.version
                                      and n.change_number < late.change_number)
                    """)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void theStackIsAsBefore() throws SQLException {
    assertThat(stack.status().state()).isEqualTo(State.UP);
    new Settling(stack).switchTo("xa");
    await("a change in xa")
        .atMost(SETTLES_WITHIN)
        .until(() -> change(customers.get(0), "1000.00") == 200);
    assertThat(new Settling(stack).await()).isTrue();
    var check = new ShopCheck(stack.addresses("customer-db"), stack.addresses("order-db"));
    assertThat(
            List.of(
                check.bothSidesAgree(),
                check.noVersionIsMissing(),
                check.noChangeIsHalfDone(),
                check.noAnomaly()))
        .allMatch(evidence -> evidence.holds());
  }

  private static String newCustomer() {
    return await()
        .atMost(SETTLES_WITHIN)
        .until(() -> shop.createCustomer("Ada", "1000.00", null), made -> made.status() == 201)
        .text("customerId");
  }

  private static String url(String part) {
    return String.valueOf(stack.addresses(part).url());
  }

  private static FaultWish part(FaultKind kind, String part) {
    return new FaultWish(kind, part, "", "", Duration.ZERO);
  }

  private static FaultWish link(FaultKind kind, String from, long delayMillis) {
    return new FaultWish(kind, "", from, "order-service", Duration.ofMillis(delayMillis));
  }
}
