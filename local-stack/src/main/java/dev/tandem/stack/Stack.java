package dev.tandem.stack;

import dev.tandem.stack.StackStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The shop on this machine: two databases, the broker, the coordinator and the two services, each a
 * process of its own. What runs is known from files in the installation's folder, so that every
 * object of this class, in any process, sees and steers the same stack.
 *
 * <p>Methods throw {@link StackException}, with a sentence for people, when they could not do what
 * they are called.
 */
public final class Stack implements AutoCloseable {
  private static final String SETTINGS_IN_FORCE = "stack.properties";
  private static final Duration WATCH_INTERVAL = Duration.ofMillis(500);
  private static final Duration WATCH_LIMIT = Duration.ofMinutes(1);
  private static final List<List<String>> ORDER_OF_STOPPING =
      List.of(
          List.of(Parts.CUSTOMER_SERVICE, Parts.ORDER_SERVICE),
          List.of(Parts.TX_COORDINATOR, Parts.BROKER),
          List.of(Parts.CUSTOMER_DB, Parts.ORDER_DB));

  private final StackSettings settings;
  private final Installation installation;
  private final StackListener listener;
  private final Spawner spawner;
  private final boolean tied;
  private volatile boolean startedHere;

  private Stack(StackSettings settings, StackListener listener, boolean tied) {
    this.settings = settings;
    this.installation = new Installation(settings.home());
    this.listener = listener;
    this.tied = tied;
    this.spawner = tied ? Spawner.tiedToThisJvm() : Spawner.detached();
  }

  /** Parts that it starts live on when this JVM ends. */
  public static Stack of(StackSettings settings, StackListener listener) {
    return new Stack(settings, listener, false);
  }

  /**
   * For tests: parts that it starts are killed when it is closed, when this JVM ends, and, where
   * the machine has a setpriv that can, by the kernel when this JVM is killed.
   */
  public static Stack tiedToThisJvm(StackSettings settings, StackListener listener) {
    var stack = new Stack(settings, listener, true);
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "kill-parts"));
    return stack;
  }

  /**
   * Starts everything, and returns when all parts are healthy. Refuses when one runs already or a
   * port is taken. When a part fails, all that was started is stopped again, and the exception
   * shows the part's last log lines.
   *
   * @param fresh deletes the data first
   */
  public void up(boolean fresh) {
    installation.create();
    try (var lock = installation.lock()) {
      refuseIfRunning();
      var chosen = settings.withAll(Parts.choosePorts(settings));
      var parts = new Parts(chosen, installation);
      parts.mustBeBuilt();
      Ports.mustBeFree(parts.local().stream().flatMap(part -> part.ports().stream()).toList());
      if (fresh) {
        deleteData();
      }
      startedHere = true;
      remember(chosen);
      start(parts, chosen);
    }
  }

  /**
   * Stops everything in order: the services, the coordinator and the broker, the databases; kills
   * what does not stop. May be repeated.
   *
   * @return whether anything ran
   */
  public boolean down() {
    if (!installation.exists()) {
      return false;
    }
    try (var lock = installation.lock()) {
      return stopAll();
    }
  }

  /**
   * Stops all that {@link #up} of this object has started or is just starting: for a shutdown hook.
   */
  public void interrupt() {
    spawner.close();
    if (startedHere) {
      stopAll();
    }
  }

  /**
   * Returns when the stack has been stopped, from wherever; until then tells the listener which
   * parts end and come back. One that has ended already is told at once.
   */
  public void watch() {
    var before = parts().local().stream().map(Part::name).toList();
    while (isUp()) {
      var last = before;
      Waiting.until(WATCH_LIMIT, WATCH_INTERVAL, () -> !isUp() || !running().equals(last));
      var now = running();
      reportChange(before, now);
      before = now;
    }
  }

  /** Starts one part again and waits for its health. A part that runs is left as it is. */
  public void start(String name, String... javaOptions) {
    var changed =
        settings.with(StackSettings.variable(name, "JAVA_OPTS"), String.join(" ", javaOptions));
    start(name, javaOptions.length == 0 ? settings : changed);
  }

  /** kill -9 of the part's process and all its children. Returns when they are gone. */
  public void kill(String name) {
    var process = process(name);
    var running = process.running().orElseThrow(() -> new StackException(name + " does not run."));
    var count = process.kill();
    listener.heard(
        name,
        "killed (pid %d, %d %s in all)"
            .formatted(running.pid(), count, count == 1 ? "process" : "processes"));
  }

  /**
   * Stops the clock for a part (SIGSTOP, children included): it keeps its connections and answers
   * nothing. Returns when none of its threads runs any more.
   */
  public void freeze(String name) {
    process(name).freeze();
    listener.heard(name, "frozen");
  }

  /** Lets a frozen part go on. */
  public void thaw(String name) {
    process(name).thaw();
    listener.heard(name, "goes on");
  }

  /** Asks every part, at the same time. */
  public StackStatus status() {
    var inForce = inForce();
    var parts = new Parts(inForce, installation);
    var all = Parallel.map(parts.all(), this::status);
    var mode = Parallel.later(() -> mode(parts));
    var messages = Parallel.later(() -> messages(parts, all));
    return new StackStatus(state(all), mode.join(), unsettled(parts, all), messages.join(), all);
  }

  /** Whether {@link #up} has been called and {@link #down} has not; parts may have died since. */
  public boolean isUp() {
    return PrivateFile.read(installation.run(SETTINGS_IN_FORCE)).isPresent();
  }

  /** The part's addresses, without asking it. */
  public PartStatus addresses(String name) {
    return new Parts(inForce(), installation).named(name).status(null, false);
  }

  /** What all internal listeners want to see: {@code Authorization: Bearer <token>}. */
  public String serviceToken() {
    return installation.secret("service-token");
  }

  /**
   * What the part has printed, over all its starts; the file need not exist. Knows {@code db-init},
   * too.
   */
  public Path log(String name) {
    if (!name.equals(DbInit.NAME)) {
      parts().named(name);
    }
    return installation.log(name);
  }

  /** The names of all parts. */
  public static List<String> partNames() {
    return Parts.NAMES;
  }

  /** The names of the parts that this one connects to: there a link can be put between. */
  public static List<String> linksOf(String part) {
    return Parts.linksOf(part);
  }

  /** Kills the parts of a stack that is tied to this JVM; leaves others alone. */
  @Override
  public void close() {
    if (tied && installation.exists()) {
      spawner.close();
      Parallel.each(parts().local(), part -> process(part).kill());
      forget();
    }
  }

  private List<String> running() {
    return parts().local().stream()
        .filter(part -> process(part).isRunning())
        .map(Part::name)
        .toList();
  }

  private void reportChange(List<String> before, List<String> now) {
    before.stream()
        .filter(name -> !now.contains(name))
        .forEach(name -> listener.heard(name, "has ended"));
    now.stream()
        .filter(name -> !before.contains(name))
        .forEach(name -> listener.heard(name, "runs again"));
  }

  private void start(Parts parts, StackSettings chosen) {
    try {
      new Startup(parts, chosen, this::process, listener, spawner::isClosed).run();
    } catch (RuntimeException e) {
      stopAll();
      throw e;
    }
  }

  private void start(String name, StackSettings changed) {
    mustBeUp();
    try (var lock = installation.lock()) {
      var process = process(new Parts(inForce(changed), installation).localNamed(name));
      var running = process.running();
      if (running.isPresent()) {
        listener.heard(name, "already runs (pid " + running.get().pid() + ")");
        return;
      }
      startAlone(process, changed);
    }
  }

  private void startAlone(PartProcess process, StackSettings changed) {
    var began = Stopwatch.start();
    process.launch();
    try {
      process.awaitHealthy(changed.startLimit(), spawner::isClosed);
    } catch (StackException e) {
      process.kill();
      throw e;
    }
    var part = process.part();
    listener.heard(
        part.name(), "healthy after " + began + "  " + part.status(null, true).address());
  }

  private void refuseIfRunning() {
    var running = running();
    if (!running.isEmpty()) {
      throw new StackException(
          "Tandem already runs in %s: %s. ./tandem status shows it, ./tandem down stops it."
              .formatted(installation.home(), String.join(", ", running)));
    }
  }

  private void deleteData() {
    var external = new Parts(settings, installation).externalNames();
    if (!external.isEmpty()) {
      throw new StackException(
          "--fresh would delete the half of the data that is here, while %s, a server of yours, keeps what belongs to it (decisions, messages): it is refused."
              .formatted(String.join(" and ", external)));
    }
    installation.deleteData();
  }

  private boolean stopAll() {
    var parts = parts();
    var local = parts.local().stream().collect(Collectors.toMap(Part::name, part -> part));
    var ran = new ArrayList<Boolean>();
    for (var together : ORDER_OF_STOPPING) {
      var here = together.stream().map(local::get).filter(Objects::nonNull).toList();
      ran.addAll(Parallel.map(here, part -> stop(process(part))));
    }
    forget();
    return ran.contains(true);
  }

  private boolean stop(PartProcess process) {
    var began = Stopwatch.start();
    var ending = process.stop();
    switch (ending) {
      case STOPPED -> listener.heard(process.part().name(), "stopped after " + began);
      case KILLED ->
          listener.heard(process.part().name(), "killed: it had not stopped after " + began);
      case DID_NOT_RUN -> {}
    }
    return ending != PartProcess.Ending.DID_NOT_RUN;
  }

  private PartStatus status(Part part) {
    if (part instanceof LocalPart local) {
      var running = process(local).running();
      return part.status(
          running.map(ProcessId::pid).orElse(null), running.isPresent() && part.isHealthy());
    }
    return part.status(null, part.isHealthy());
  }

  private static State state(List<PartStatus> all) {
    if (all.stream().allMatch(PartStatus::healthy)) {
      return State.UP;
    }
    return all.stream().allMatch(part -> part.pid() == null) ? State.DOWN : State.PARTIAL;
  }

  private Unsettled unsettled(Parts parts, List<PartStatus> all) {
    return all.stream().anyMatch(PartStatus::healthy)
        ? Unsettled.in(parts, serviceToken())
        : Unsettled.NOTHING;
  }

  private MessageFlow messages(Parts parts, List<PartStatus> all) {
    return all.stream().anyMatch(PartStatus::healthy)
        ? MessageFlow.in(parts, serviceToken())
        : MessageFlow.UNKNOWN;
  }

  /** What order-service could not take of the messages of the mode event. */
  public DeadLetters deadLetters() {
    mustBeUp();
    return new DeadLetters(parts().serviceNamed(Parts.ORDER_SERVICE).internalUrl(), serviceToken());
  }

  /**
   * The name of the mode in force, as customer-service tells it; {@link StackStatus#UNKNOWN} while
   * it does not answer.
   */
  public String mode() {
    return mode(parts());
  }

  private String mode(Parts parts) {
    return isUp()
        ? desk(parts).report().map(ModeReport::mode).orElse(StackStatus.UNKNOWN)
        : StackStatus.UNKNOWN;
  }

  /** The mode in force, and the history of its changes. */
  public ModeReport modeReport() {
    mustBeUp();
    return desk(parts())
        .report()
        .orElseThrow(
            () ->
                new StackException(
                    "customer-service does not tell which mode is in force: ./tandem status shows"
                        + " whether it and its database run."));
  }

  /**
   * Puts another mode in force while everything runs.
   *
   * @param by who wants it, for the history
   * @throws StackException if it is not enabled, or something that is in doubt or open holds the
   *     mode: the message names it
   */
  public ModeReport switchTo(String mode, String by) {
    mustBeUp();
    return desk(parts()).switchTo(mode, by);
  }

  private ModeDesk desk(Parts parts) {
    return new ModeDesk(parts.customerService(), serviceToken());
  }

  private void mustBeUp() {
    if (!isUp()) {
      throw new StackException("Tandem is down: ./tandem up starts it.");
    }
  }

  /** What is not over yet, without asking for anybody's health. */
  public Unsettled unsettled() {
    return Unsettled.in(parts(), serviceToken());
  }

  private Parts parts() {
    return new Parts(inForce(), installation);
  }

  private PartProcess process(String name) {
    return process(parts().localNamed(name));
  }

  private PartProcess process(LocalPart part) {
    return new PartProcess(part, installation, spawner);
  }

  private StackSettings inForce() {
    return inForce(settings);
  }

  private StackSettings inForce(StackSettings changed) {
    return changed.withAll(PrivateFile.readProperties(installation.run(SETTINGS_IN_FORCE)));
  }

  private void remember(StackSettings chosen) {
    var remembered = chosen.toRemember(List.of(Parts.CUSTOMER_DB, Parts.ORDER_DB));
    remembered.putAll(Parts.choosePorts(chosen));
    PrivateFile.writeProperties(installation.run(SETTINGS_IN_FORCE), Map.copyOf(remembered));
  }

  private void forget() {
    PrivateFile.delete(installation.run(SETTINGS_IN_FORCE));
  }
}
