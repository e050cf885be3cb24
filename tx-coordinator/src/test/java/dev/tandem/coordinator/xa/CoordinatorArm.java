package dev.tandem.coordinator.xa;

import com.atomikos.datasource.xa.XATransactionalResource;
import com.atomikos.icatch.config.UserTransactionServiceImp;
import com.atomikos.icatch.jta.TransactionManagerImp;
import dev.tandem.coordinator.xa.log.DecisionLog;
import dev.tandem.coordinator.xa.log.Halt;
import dev.tandem.coordinator.xa.log.LogSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** One arm of {@link CoordinatorFigures}: prints {@code rate <threads> <per second>} lines. */
final class CoordinatorArm {

  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration MEASURED = Duration.ofSeconds(3);

  /** Carries out one transaction with two branches. */
  private interface Work {
    void once() throws Exception;
  }

  private CoordinatorArm() {}

  public static void main(String[] arguments) throws Exception {
    LoggingSystem.get(CoordinatorArm.class.getClassLoader()).setLogLevel("ROOT", LogLevel.ERROR);
    var folder = Path.of(arguments[1]);
    var work = arguments[0].equals("tandem") ? tandem(folder) : atomikos(folder);
    rate(work, 8, WARM_UP);
    for (int threads : new int[] {1, 8, 32}) {
      System.out.println("rate " + threads + " " + rate(work, threads, MEASURED));
    }
    System.exit(0);
  }

  private static double rate(Work work, int threads, Duration time) throws Exception {
    var done = new AtomicLong();
    long start = System.nanoTime();
    var callers = new ArrayList<Thread>();
    for (int i = 0; i < threads; i++) {
      var caller =
          new Thread(
              () -> {
                try {
                  while (System.nanoTime() - start < time.toNanos()) {
                    work.once();
                    done.incrementAndGet();
                  }
                } catch (Exception failure) {
                  failure.printStackTrace();
                  System.exit(1);
                }
              });
      caller.start();
      callers.add(caller);
    }
    for (var caller : callers) {
      caller.join();
    }
    return done.get() * 1e9 / (System.nanoTime() - start);
  }

  private static Work tandem(Path folder) {
    var settings =
        new XaSettings(
            "tandem-tm",
            folder,
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            List.of("one", "two"));
    var log = DecisionLog.open(folder, LogSettings.defaults(), Clock.systemUTC(), Halt.process());
    var live = new LiveTable();
    var ended = new EndedTransactions();
    var deliveries = new Deliveries(log, live, ended, Clock.systemUTC());
    var executor = Executors.newCachedThreadPool();
    var who = List.<Participant>of(new Idle("one"), new Idle("two"));
    var name = settings.coordinatorName();
    var participants = new RemoteParticipants(who, name, deliveries, live, executor);
    var engine = new AtomikosEngine(settings, participants, new AtomikosLog(deliveries, name));
    var coordinator =
        new XaCoordinator(
            settings,
            engine,
            participants,
            deliveries,
            live,
            ended,
            executor,
            new SimpleMeterRegistry(),
            Halt.process());
    var votes = Map.of("one", Vote.PREPARED, "two", Vote.PREPARED);
    return () -> {
      var outcome = coordinator.commit(coordinator.begin("r", who).id(), votes);
      if (outcome != Outcome.COMMITTED) {
        throw new IllegalStateException(outcome.word());
      }
    };
  }

  /** As Atomikos comes: its own log, one thread from begin to commit. */
  private static Work atomikos(Path folder) {
    var properties = new Properties();
    properties.setProperty("com.atomikos.icatch.tm_unique_name", "tandem-tm");
    properties.setProperty("com.atomikos.icatch.log_base_dir", folder.toString());
    properties.setProperty("com.atomikos.icatch.max_actives", "-1");
    var service = new UserTransactionServiceImp(properties);
    service.setInitialRecoverableResources(
        List.of(new IdleResource("one"), new IdleResource("two")));
    service.init();
    var manager = TransactionManagerImp.getTransactionManager();
    return () -> {
      manager.begin();
      var transaction = manager.getTransaction();
      var one = new IdleBranch("one");
      var two = new IdleBranch("two");
      transaction.enlistResource(one);
      transaction.enlistResource(two);
      transaction.delistResource(one, XAResource.TMSUCCESS);
      transaction.delistResource(two, XAResource.TMSUCCESS);
      manager.commit();
    };
  }

  private record Idle(String name) implements Participant {

    @Override
    public List<String> prepared(String coordinator) {
      return List.of();
    }

    @Override
    public Vote prepare(String branch) {
      return Vote.PREPARED;
    }

    @Override
    public Answer commit(String branch) {
      return Answer.DONE;
    }

    @Override
    public Answer rollback(String branch) {
      return Answer.DONE;
    }
  }

  private static final class IdleResource extends XATransactionalResource {

    private final String name;

    IdleResource(String name) {
      super(name);
      this.name = name;
    }

    @Override
    protected XAResource refreshXAConnection() {
      return new IdleBranch(name);
    }
  }

  private static final class IdleBranch extends XaVerbs {

    private final String name;

    IdleBranch(String name) {
      this.name = name;
    }

    @Override
    public void start(Xid xid, int flags) {}

    @Override
    public void end(Xid xid, int flags) {}

    @Override
    public int prepare(Xid xid) {
      return XAResource.XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) {}

    @Override
    public void rollback(Xid xid) {}

    @Override
    public boolean isSameRM(XAResource other) {
      return other instanceof IdleBranch branch && branch.name.equals(name);
    }
  }
}
