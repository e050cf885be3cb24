package dev.tandem.order;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Recomputes the credit rule from the tables alone: replays every account's sequence of limits,
 * admissions and cancels, and compares what should have been decided with what was. Nothing may be
 * going on meanwhile. It looks at no clock.
 */
final class LedgerReplay {

  /** What was found: how much was looked at, and each thing that is wrong. */
  record Findings(
      int accounts, int limits, int approvals, int rejections, int cancels, List<String> wrong) {

    @Override
    public String toString() {
      return "%d accounts, %d limits, %d approvals, %d rejections, %d cancels, %d wrong%s"
          .formatted(
              accounts,
              limits,
              approvals,
              rejections,
              cancels,
              wrong.size(),
              wrong.isEmpty() ? "" : ", the first: " + wrong.get(0));
    }
  }

  /** One step of an account; {@code amount} is the limit or the order's total. */
  private record Step(
      UUID customer,
      long sequence,
      String what,
      BigDecimal amount,
      boolean approved,
      Long version,
      BigDecimal limit,
      BigDecimal pending,
      BigDecimal exposureBefore) {

    boolean fits(BigDecimal exposure, BigDecimal limit) {
      return exposure.add(amount).compareTo(limit) <= 0;
    }
  }

  private static final String STEPS =
      """
      select customer_id, sequence,
             case when placed_sequence is null then 'limit' else 'complete' end as what,
             credit_limit as amount, true as approved, version,
             null::numeric as limit_seen, null::numeric as pending_seen,
             null::numeric as exposure_before
        from limit_change where state = 'applied' and sequence is not null
      union all
      select customer_id, placed_sequence, 'place', credit_limit, true, version, null, null, null
        from limit_change where placed_sequence is not null
      union all
      select customer_id, sequence, 'compensate', credit_limit, true, version, null, null, null
        from limit_change where state = 'refused' and sequence is not null
      union all
      select customer_id, decided_sequence,
             case when rejection_reason = 'LIMIT_TOO_OLD' then 'too old' else 'order' end, total, state <> 'REJECTED',
             limit_version, credit_limit, pending_limit, exposure_before
        from orders where decided_sequence is not null
      union all
      select customer_id, cancelled_sequence, 'cancel', total, true, null, null, null, null
        from orders where state = 'CANCELLED'
      order by 1, 2
      """;

  private final JdbcClient jdbc;
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();

  LedgerReplay(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Findings run() {
    var steps = new HashMap<UUID, List<Step>>();
    steps().forEach(s -> steps.computeIfAbsent(s.customer, c -> new ArrayList<>()).add(s));
    var accounts = jdbc.sql("select * from credit_account").query().listOfRows();
    for (var account : accounts) {
      var customer = (UUID) account.get("customer_id");
      replay(account, Objects.requireNonNullElse(steps.remove(customer), List.of()));
    }
    steps.keySet().forEach(customer -> wrong.add(customer + ": decided without an account"));
    orphans()
        .forEach(order -> wrong.add("order " + order + ": no decision, but not UNKNOWN_CUSTOMER"));
    return new Findings(
        accounts.size(), seen("limit"), seen("approval"), seen("rejection"), seen("cancel"), wrong);
  }

  private List<Step> steps() {
    return jdbc.sql(STEPS)
        .query(
            (row, number) ->
                new Step(
                    row.getObject("customer_id", UUID.class),
                    row.getLong("sequence"),
                    row.getString("what"),
                    row.getBigDecimal("amount"),
                    row.getBoolean("approved"),
                    row.getObject("version", Long.class),
                    row.getBigDecimal("limit_seen"),
                    row.getBigDecimal("pending_seen"),
                    row.getBigDecimal("exposure_before")))
        .list();
  }

  private List<UUID> orphans() {
    return jdbc.sql(
            """
            select order_id from orders
            where decided_sequence is null and rejection_reason is distinct from 'UNKNOWN_CUSTOMER'
            """)
        .query(UUID.class)
        .list();
  }

  private void replay(Map<String, Object> account, List<Step> steps) {
    var limit = BigDecimal.ZERO;
    BigDecimal pending = null;
    var exposure = BigDecimal.ZERO;
    long version = 0;
    long sequence = 0;
    for (var step : steps) {
      sequence++;
      check(step, "sequence", step.sequence, sequence);
      switch (step.what) {
        case "limit" -> {
          count("limit");
          checkThat(step, step.version > version, "version " + step.version + " after " + version);
          limit = step.amount;
          version = step.version;
        }
        case "place" -> {
          count("place");
          check(step, "pending limit before", null, pending);
          pending = step.amount;
        }
        case "complete" -> {
          count("complete");
          check(step, "pending limit", step.amount, pending);
          pending = null;
          limit = step.version > version ? step.amount : limit;
          version = Math.max(version, step.version);
        }
        case "compensate" -> {
          count("compensate");
          check(step, "pending limit", step.amount, pending);
          pending = null;
        }
        case "too old" -> count("too old"); // whatever the numbers say
        case "order" -> {
          count(step.approved ? "approval" : "rejection");
          check(step, "limit", step.limit, limit);
          check(step, "pending limit", step.pending, pending);
          check(step, "version", step.version, version);
          check(step, "exposure before", step.exposureBefore, exposure);
          boolean either =
              step.fits(exposure, limit) || pending != null && step.fits(exposure, pending);
          boolean both =
              step.fits(exposure, limit) && (pending == null || step.fits(exposure, pending));
          check(step, "approved", step.approved, both);
          if (either && !both) {
            count("decided by the lower one");
          }
          exposure = step.approved ? exposure.add(step.amount) : exposure;
        }
        default -> {
          count("cancel");
          exposure = exposure.subtract(step.amount);
          checkThat(step, exposure.signum() >= 0, "exposure " + exposure);
        }
      }
    }
    var end =
        new Step(
            (UUID) account.get("customer_id"), sequence, "end", null, true, null, null, null, null);
    check(end, "sequence", account.get("sequence"), sequence);
    check(end, "limit", account.get("credit_limit"), limit);
    check(end, "pending limit", account.get("tentative_limit"), pending);
    check(end, "version", account.get("limit_version"), version);
    check(end, "exposure", account.get("exposure"), exposure);
  }

  private void check(Step step, String what, Object stored, Object replayed) {
    checkThat(
        step,
        stored instanceof BigDecimal amount && replayed != null
            ? amount.compareTo((BigDecimal) replayed) == 0
            : Objects.equals(stored, replayed),
        what + " is " + stored + ", should be " + replayed);
  }

  private void checkThat(Step step, boolean holds, String otherwise) {
    if (!holds) {
      wrong.add("%s at %d (%s): %s".formatted(step.customer, step.sequence, step.what, otherwise));
    }
  }

  private void count(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  /** How often that was seen, in a replay that was run. */
  int seen(String what) {
    return seen.getOrDefault(what, 0);
  }
}
