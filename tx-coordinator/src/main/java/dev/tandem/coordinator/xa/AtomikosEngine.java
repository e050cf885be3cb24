package dev.tandem.coordinator.xa;

import com.atomikos.icatch.config.UserTransactionServiceImp;
import com.atomikos.icatch.jta.TransactionManagerImp;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import javax.transaction.xa.XAResource;

/** Starts and stops Atomikos, and begins transactions that no thread owns. One per process. */
final class AtomikosEngine {

  private static final String PREFIX = "com.atomikos.icatch.";

  private final UserTransactionServiceImp service;

  AtomikosEngine(XaSettings settings, RemoteParticipants participants, AtomikosLog log) {
    AtomikosLogFactory.handOver(log);
    this.service = new UserTransactionServiceImp(properties(settings));
    this.service.setInitialRecoverableResources(List.of(participants));
    this.service.init();
  }

  private static Properties properties(XaSettings settings) {
    var properties = new Properties();
    set(properties, "tm_unique_name", settings.name());
    set(properties, "log_base_dir", settings.logFolder().toString());
    set(properties, "default_jta_timeout", lifeInAtomikos(settings).toMillis());
    set(properties, "max_timeout", XaSettings.LONGEST.toMillis());
    set(properties, "recovery_delay", settings.recoveryDelay().toMillis());
    set(properties, "max_actives", -1);
    set(properties, "oltp_max_retries", 3);
    set(properties, "oltp_retry_interval", 500);
    set(properties, "throw_on_heuristic", true);
    return properties;
  }

  private static void set(Properties properties, String name, Object value) {
    properties.setProperty(PREFIX + name, value.toString());
  }

  /**
   * Atomikos counts whole seconds, and at a transaction's timeout only marks it. Our reaper ends it
   * before (X8); a commit that has won at the last moment gets the time for its answer on top.
   */
  private static Duration lifeInAtomikos(XaSettings settings) {
    return Duration.ofSeconds(
        settings.timeout().plus(settings.answerWithin()).plusMillis(999).toSeconds());
  }

  /**
   * Begins a transaction with these branches. It is bound to no thread: any thread may end it.
   *
   * @throws IllegalStateException if Atomikos does not begin, for example because it stops
   */
  Transaction begin(Collection<RemoteBranch> branches) {
    var manager = manager();
    try {
      manager.begin();
      try {
        var transaction = manager.getTransaction();
        enlist(transaction, branches);
        return transaction;
      } finally {
        manager.suspend();
      }
    } catch (NotSupportedException | SystemException | RollbackException failure) {
      throw new IllegalStateException("no transaction could be begun", failure);
    }
  }

  /** All are enlisted before one is delisted: else Atomikos would join them to one branch. */
  private static void enlist(Transaction transaction, Collection<RemoteBranch> branches)
      throws SystemException, RollbackException {
    for (var branch : branches) {
      transaction.enlistResource(branch);
    }
    for (var branch : branches) {
      transaction.delistResource(branch, XAResource.TMSUCCESS);
    }
  }

  private static TransactionManager manager() {
    return Objects.requireNonNull(
        TransactionManagerImp.getTransactionManager(), "Atomikos is not running");
  }

  /** Stops without waiting: whoever calls has seen to it that nothing is live. */
  void stop() {
    service.shutdownForce();
  }
}
