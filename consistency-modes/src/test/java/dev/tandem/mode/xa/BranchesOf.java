package dev.tandem.mode.xa;

import dev.tandem.dbinit.Databases;
import dev.tandem.mode.ChangeId;
import dev.tandem.mode.TestDatabases;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes branch ids as the coordinator does, and branches as a participant does. */
final class BranchesOf {

  private static final AtomicInteger NUMBER = new AtomicInteger(1000);

  private BranchesOf() {}

  static BranchId branch(String coordinator, ChangeId change) {
    int number = NUMBER.incrementAndGet();
    return BranchId.parse("xa1:" + coordinator + number + ":b" + number + ":" + change);
  }

  static BranchId branch(ChangeId change) {
    return branch("tandem-a", change);
  }

  /** Prepares a change row under that branch, without any of the main code. */
  static BranchId prepare(Databases database, BranchId branch) {
    TestDatabases.asService(database)
        .sql(
            """
            begin;
            insert into limit_change
              (change_id, customer_id, kind, mode, state, credit_limit, version)
              values ('%1$s', '%1$s', 'change', 'xa', 'applied', 1, 2);
            prepare transaction '%2$s'
            """
                .formatted(branch.change(), branch))
        .update();
    return branch;
  }

  /** What the change row in that database says; "nothing" without a row. */
  static String state(Databases database, ChangeId change) {
    return TestDatabases.asService(database)
        .sql("select state from limit_change where change_id = ?")
        .param(change.value())
        .query(String.class)
        .optional()
        .orElse("nothing");
  }
}
