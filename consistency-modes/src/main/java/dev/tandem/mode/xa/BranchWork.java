package dev.tandem.mode.xa;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Does work in a branch: in one local transaction that ends with {@code PREPARE TRANSACTION} in the
 * place of a commit.
 */
final class BranchWork {

  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  BranchWork(TransactionTemplate transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * Runs the work in a transaction that PostgreSQL itself ends when the time is up (rule X9): a
   * participant that was frozen cannot come back and prepare what nobody waits for.
   *
   * @param work must call {@link #prepare} last; what it throws rolls the transaction back
   */
  <T> T within(Duration remaining, Supplier<T> work) {
    return Objects.requireNonNull(
        transactions.execute(
            status -> {
              jdbc.sql("select set_config('transaction_timeout', ?, true)")
                  .param(Math.max(1, remaining.toMillis()) + "ms")
                  .query(String.class)
                  .single();
              return work.get();
            }));
  }

  /**
   * Prepares the running transaction under the branch's name. The commit that the transaction
   * template sends afterwards finds no transaction and does nothing.
   *
   * <p>In a transaction that has failed before, PREPARE rolls back and reports success. The
   * statement sent ahead of it, in the same round trip, fails there instead.
   */
  void prepare(BranchId branch) {
    jdbc.sql("set constraints all immediate; prepare transaction '" + branch.text() + "'").update();
  }
}
