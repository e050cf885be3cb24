package dev.tandem.mode.xa;

import static dev.tandem.mode.xa.BranchesOf.branch;
import static dev.tandem.mode.xa.BranchesOf.prepare;
import static dev.tandem.mode.xa.BranchesOf.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.dbinit.Databases;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.TestDatabases;
import dev.tandem.mode.xa.Branches.End;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;

/** Rule X10: what dies in phase two is "try again", never an outcome. */
class PhaseTwoFaultsIT {

  private static final Databases HERE = Databases.ORDERS;
  private static final String NAME = "phase-two-faults";

  private final BranchId branch = branch(ChangeId.random());
  private Branches branches;

  @BeforeEach
  void connect() {
    var settings = new DataSourceProperties();
    settings.setUrl(
        TestDatabases.url(HERE)
            + "?ApplicationName="
            + NAME
            + "&options=-c%20synchronous_commit=on");
    settings.setUsername(HERE.runtime());
    settings.setPassword(TestDatabases.password());
    branches = new Branches(settings, 1);
    prepare(HERE, branch);
    assertThat(branches.isPrepared(branch)).isTrue();
  }

  @AfterEach
  void tidy() {
    waitForStandby("");
    branches.close();
    TestDatabases.rollBackWhatIsPrepared();
  }

  @Test
  void aBackendThatIsTerminatedInItsCommitIsAskedAgain() {
    waitForStandby("nobody"); // the commit is written, and waits for a copy that never comes
    await().until(PhaseTwoFaultsIT::aCommitWaits);
    var commit = CompletableFuture.supplyAsync(() -> branches.commit(branch));
    await().until(() -> count("wait_event = 'SyncRep' and application_name = '" + NAME + "'") == 1);
    assertThat(commit).isNotDone();
    terminate();
    assertThat(commit.join()).isEqualTo(End.UNAVAILABLE);
    waitForStandby("");
    assertThat(branches.commit(branch)).isEqualTo(End.COMMITTED);
    assertThat(state(HERE, branch.change())).isEqualTo("applied");
  }

  @Test
  void aBackendThatWasTerminatedBeforeItsCommitIsAskedAgain() {
    terminate();
    assertThat(branches.commit(branch)).isIn(End.UNAVAILABLE, End.COMMITTED);
    await().until(() -> branches.commit(branch) == End.COMMITTED);
    assertThat(state(HERE, branch.change())).isEqualTo("applied");
  }

  @Test
  void aBackendThatWasTerminatedBeforeItsRollbackIsAskedAgain() {
    terminate();
    assertThat(branches.rollback(branch)).isIn(End.UNAVAILABLE, End.ROLLED_BACK);
    await().until(() -> branches.rollback(branch) == End.ROLLED_BACK);
    assertThat(state(HERE, branch.change())).isEqualTo("refused");
  }

  @Test
  void aServerThatCrashesAndRecoversStillHasTheBranch() {
    int backend =
        TestDatabases.asAdmin(HERE)
            .sql("select pid from pg_stat_activity where application_name = ?")
            .param(NAME)
            .query(Integer.class)
            .single();
    // a backend that is killed makes the server end all others and recover from its log
    assertThat(ProcessHandle.of(backend).orElseThrow().destroyForcibly()).isTrue();
    var first = branches.commit(branch);
    assertThat(first).isIn(End.UNAVAILABLE, End.COMMITTED);
    await().until(() -> branches.commit(branch) == End.COMMITTED);
    assertThat(state(HERE, branch.change())).isEqualTo("applied");
  }

  private static void terminate() {
    TestDatabases.asAdmin(HERE)
        .sql(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = ?")
        .param(NAME)
        .query(Boolean.class)
        .list();
  }

  private static void waitForStandby(String standby) {
    await()
        .ignoreExceptions() // the server may still be recovering
        .untilAsserted(
            () -> {
              TestDatabases.asAdmin(HERE)
                  .sql("alter system set synchronous_standby_names = '" + standby + "'")
                  .update();
              TestDatabases.asAdmin(HERE)
                  .sql("select pg_reload_conf()")
                  .query(Boolean.class)
                  .single();
              assertThat(
                      TestDatabases.asAdmin(HERE)
                          .sql("show synchronous_standby_names")
                          .query(String.class)
                          .single())
                  .isEqualTo(standby);
            });
  }

  /** A backend shows the new setting before the server tells all backends to wait for it. */
  private static boolean aCommitWaits() {
    var commit = CompletableFuture.runAsync(PhaseTwoFaultsIT::writeSomething);
    var waits = "wait_event = 'SyncRep' and query like '%a probe%'";
    await().until(() -> commit.isDone() || count(waits) == 1);
    boolean waited = !commit.isDone();
    TestDatabases.asAdmin(HERE)
        .sql("select pg_cancel_backend(pid) from pg_stat_activity where " + waits)
        .query(Boolean.class)
        .list();
    commit.join(); // it is written, and says so
    return waited;
  }

  private static void writeSomething() {
    TestDatabases.asAdmin(HERE)
        .sql(
            """
            do $$ begin
              set local synchronous_commit = on;
              perform pg_logical_emit_message(true, 'a probe', '');
            end $$
            """)
        .update();
  }

  private static int count(String condition) {
    return TestDatabases.asAdmin(HERE)
        .sql("select count(*) from pg_stat_activity where " + condition)
        .query(Integer.class)
        .single();
  }
}
