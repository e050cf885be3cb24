package dev.tandem.bench.check;

import dev.tandem.bench.RunFacts;
import dev.tandem.bench.RunFacts.Window;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import dev.tandem.bench.plan.Plans;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A shop that writes into both databases what the services would, and keeps the history that its
 * clients would have seen. Each step takes 10 ns of its clock.
 */
final class MadeUpShop {
  private static final long STEP = 10;

  final List<Call> calls = new ArrayList<>();
  private final TwoServers servers;
  private final String mode;
  private long now;

  MadeUpShop(TwoServers servers, String mode) {
    this.servers = servers;
    this.mode = mode;
  }

  /** When the last step was over. */
  long now() {
    return now;
  }

  String customer(String limit) throws SQLException {
    var customer = UUID.randomUUID().toString();
    var change = UUID.randomUUID().toString();
    servers.execute(
        TwoServers.OWNER,
        "insert into customer (customer_id, name, credit_limit, version) values ('%s', 'Ada', %s, 1)"
            .formatted(customer, limit));
    write(TwoServers.OWNER, change, customer, "create", limit, 1);
    servers.execute(
        TwoServers.COPY,
        "insert into credit_account (customer_id, credit_limit, limit_version, sequence) values ('%s', %s, 1, 1)"
            .formatted(customer, limit));
    write(TwoServers.COPY, change, customer, "create", limit, 1);
    tell(Operation.CREATE_CUSTOMER, customer, limit, Ending.OK, 1, change, "");
    return customer;
  }

  /** On both sides, and acknowledged. */
  String change(String customer, String limit, long version) throws SQLException {
    var change = changeOwner(customer, limit, version);
    changeCopy(change, customer, limit, version);
    tell(Operation.CHANGE_LIMIT, customer, limit, Ending.OK, version, change, "");
    return change;
  }

  String changeOwner(String customer, String limit, long version) throws SQLException {
    var change = UUID.randomUUID().toString();
    servers.execute(
        TwoServers.OWNER,
        "update customer set credit_limit = %s, version = %d where customer_id = '%s'"
            .formatted(limit, version, customer));
    write(TwoServers.OWNER, change, customer, "change", limit, version);
    return change;
  }

  void changeCopy(String change, String customer, String limit, long version) throws SQLException {
    servers.execute(
        TwoServers.COPY,
        "update credit_account set credit_limit = %s, limit_version = %d, sequence = sequence + 1 where customer_id = '%s'"
            .formatted(limit, version, customer));
    write(TwoServers.COPY, change, customer, "change", limit, version);
  }

  /** On neither side, and told so. */
  String refuse(String customer, String limit) {
    var change = UUID.randomUUID().toString();
    tell(Operation.CHANGE_LIMIT, customer, limit, Ending.REFUSED, 0, change, "");
    return change;
  }

  /** Decided on the copy as it is. */
  String order(String customer, String total) throws SQLException {
    var order = UUID.randomUUID().toString();
    servers.execute(
        TwoServers.COPY,
        """
        with account as (
          update credit_account set sequence = sequence + 1,
                 exposure = exposure + case when exposure + %2$s <= credit_limit then %2$s else 0 end
           where customer_id = '%1$s'
          returning *, old.exposure as before, old.exposure + %2$s <= old.credit_limit as fits)
        insert into orders (order_id, customer_id, total, state, rejection_reason, decided_sequence,
                            limit_version, credit_limit, limit_as_of, exposure_before, limit_source)
        select '%3$s', '%1$s', %2$s, case when fits then 'APPROVED' else 'REJECTED' end,
               case when fits then null else 'INSUFFICIENT_CREDIT' end, sequence, limit_version,
               credit_limit, limit_as_of, before, 'replica'
          from account
        """
            .formatted(customer, total, order));
    var stored =
        servers.databases().orders(Set.of(customer)).stream()
            .filter(each -> each.id().equals(order))
            .findFirst()
            .orElseThrow();
    tell(
        Operation.PLACE_ORDER,
        customer,
        total,
        stored.rejected() ? Ending.REFUSED : Ending.OK,
        stored.version(),
        "",
        order);
    return order;
  }

  void cancel(String customer, String order) throws SQLException {
    servers.execute(
        TwoServers.COPY,
        """
        with cancelled as (
          update credit_account a set sequence = sequence + 1, exposure = exposure - o.total
            from orders o where o.order_id = '%s' and a.customer_id = o.customer_id
          returning o.order_id, a.sequence)
        update orders o set state = 'CANCELLED', cancelled_at = now(), cancelled_sequence = c.sequence
          from cancelled c where o.order_id = c.order_id
        """
            .formatted(order));
    tell(Operation.CANCEL_ORDER, customer, "", Ending.OK, 0, "", order);
  }

  /** A call that takes the next step of the clock. */
  Call tell(
      Operation operation,
      String customer,
      String amount,
      Ending ending,
      long version,
      String change,
      String order) {
    long started = now;
    now += STEP;
    var call =
        Calls.call(
            mode, operation, customer, amount, started, now - 1, ending, version, change, order);
    calls.add(call);
    return call;
  }

  /** In the place of the last call, the same one as it looks to its client then. */
  void lastWas(long started, long ended, Ending ending) {
    var last = calls.remove(calls.size() - 1);
    calls.add(
        Calls.call(
            mode,
            last.operation(),
            last.customer(),
            last.amount(),
            started,
            ended,
            ending,
            ending == Ending.OK ? last.version() : 0,
            ending == Ending.OK ? last.changeId() : "",
            last.orderId()));
  }

  Material material() {
    return Material.of(mode, facts(), calls, servers.databases());
  }

  /** As if the negative control had made this call, which must be of this shop. */
  void inTheControl(Call call) {
    calls.remove(call);
    calls.add(Calls.ofTheControl(call));
  }

  /** As if this call, which must be of this shop, had been made in that window. */
  void inWindow(int round, String window, Call call) {
    calls.remove(call);
    calls.add(Calls.in(round, window, call));
  }

  static RunFacts facts() {
    return facts(List.of());
  }

  /** Of a run in which besteffort was hit on purpose. */
  static RunFacts withControl() {
    return facts(List.of(new Window("besteffort", 0, NegativeControl.WINDOW, 0, 1)));
  }

  private static RunFacts facts(List<Window> windows) {
    return new RunFacts(
        Plans.find(Plans.DEFAULT),
        1,
        "unknown",
        Instant.EPOCH,
        "",
        Map.of(),
        new RunFacts.Machine("", 1, 1, "", 1, "", ""),
        windows,
        List.of(),
        List.of());
  }

  private void write(
      String side, String change, String customer, String kind, String limit, long version)
      throws SQLException {
    var sequence =
        side.equals(TwoServers.COPY)
            ? "(select sequence from credit_account where customer_id = '" + customer + "')"
            : "null";
    servers.execute(
        side,
        """
        insert into limit_change (change_id, customer_id, kind, mode, state, credit_limit, version%s)
        values ('%s', '%s', '%s', '%s', 'applied', %s, %d%s)
        """
            .formatted(
                side.equals(TwoServers.COPY) ? ", sequence" : "",
                change,
                customer,
                kind,
                mode,
                new BigDecimal(limit),
                version,
                side.equals(TwoServers.COPY) ? ", " + sequence : ""));
  }
}
