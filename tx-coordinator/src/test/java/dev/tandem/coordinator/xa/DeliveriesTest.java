package dev.tandem.coordinator.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.atomikos.datasource.xa.XID;
import dev.tandem.coordinator.xa.GlobalTransaction.Phase;
import dev.tandem.coordinator.xa.log.DecisionLog;
import dev.tandem.coordinator.xa.log.Halt;
import dev.tandem.coordinator.xa.log.LogSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveriesTest {

  @TempDir Path folder;

  final LiveTable live = new LiveTable();
  final EndedTransactions ended = new EndedTransactions();
  final Silent customers = new Silent("customer-service");
  final Silent orders = new Silent("order-service");
  DecisionLog log;
  Deliveries deliveries;

  @BeforeEach
  void open() {
    log = DecisionLog.open(folder, LogSettings.defaults(), Clock.systemUTC(), Halt.process());
    deliveries = new Deliveries(log, live, ended, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void whatIsNotLiveIsNotDecided() {
    var transaction = transaction("tm1");
    transaction.tryEnd(Phase.COMMITTING);

    assertThatThrownBy(() -> deliveries.decide("tm1")).isInstanceOf(IllegalStateException.class);
    assertThat(log.undelivered()).isEmpty();
  }

  @Test
  void whatIsRollingBackIsNotDecided() {
    var transaction = transaction("tm1");
    live.add(transaction);
    transaction.tryEnd(Phase.ROLLING_BACK);

    assertThatThrownBy(() -> deliveries.decide("tm1")).isInstanceOf(IllegalStateException.class);
    assertThat(log.undelivered()).isEmpty();
  }

  @Test
  void aRecordIsEndedWhenEveryBranchHasAnsweredAndNotBefore() {
    var transaction = decided("tm1");

    commit(transaction, customers);
    commit(transaction, customers);
    orders.answer = Participant.Answer.AWAY;
    commit(transaction, orders);
    assertThat(log.find("tm1")).isPresent();

    orders.answer = Participant.Answer.DONE;
    commit(transaction, orders);
    assertThat(log.find("tm1")).isEmpty();
    assertThat(deliveries.outcomeOf("tm1")).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void aContradictionIsNotedOnceAndOutlivesARestart() {
    var transaction = decided("tm1");
    orders.answer = Participant.Answer.CONTRARY;
    commit(transaction, orders);
    commit(transaction, orders);
    commit(transaction, customers);
    assertThat(log.anomalies()).hasSize(1);

    log.close();
    open();
    assertThat(
            new Deliveries(log, live, new EndedTransactions(), Clock.systemUTC()).outcomeOf("tm1"))
        .isEqualTo(Outcome.MIXED);
  }

  @Test
  void whatIsLiveOrDecidedOrHasCommittedIsNeverCalledAbortable() {
    var transaction = decided("tm1");
    assertThat(deliveries.canNeverCommit("tm1")).isFalse();
    live.remove(transaction);
    assertThat(deliveries.canNeverCommit("tm1")).isFalse();
    commit(transaction, customers);
    commit(transaction, orders);
    assertThat(deliveries.canNeverCommit("tm1")).isFalse();
    assertThat(deliveries.canNeverCommit("tm2")).isTrue();
  }

  private GlobalTransaction decided(String id) {
    var transaction = transaction(id);
    live.add(transaction);
    transaction.tryEnd(Phase.COMMITTING);
    deliveries.decide(id);
    return transaction;
  }

  private GlobalTransaction transaction(String id) {
    var branches =
        List.of(customers, orders).stream()
            .map(participant -> new RemoteBranch(participant, "change-1", deliveries))
            .toList();
    for (var branch : branches) {
      branch.start(new XID(id, "tm" + branch.participant().length(), ""), 0);
    }
    return new GlobalTransaction("change-1", branches, null, Runnable::run);
  }

  private void commit(GlobalTransaction transaction, Participant participant) {
    deliveries.commit(participant, transaction.branches().get(participant.name()).id());
  }

  /** Answers what it is told to. */
  private static final class Silent implements Participant {

    final String name;
    Answer answer = Answer.DONE;

    Silent(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

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
      return answer;
    }

    @Override
    public Answer rollback(String branch) {
      return answer;
    }
  }
}
