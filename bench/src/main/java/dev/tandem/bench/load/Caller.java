package dev.tandem.bench.load;

import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import dev.tandem.bench.load.Arm.OpenOrder;
import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.ShopClient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Makes calls to the shop's public API, each once, and tells what came of it. */
public final class Caller {
  private final ShopClient shop;
  private final String customerService;
  private final RunClock clock;
  private final Consumer<Call> history;
  private final AtomicLong numbers = new AtomicLong();

  /**
   * @param customerService its public address
   * @param orderService its public address
   * @param history hears of every call; called from many threads
   */
  public Caller(
      String customerService, String orderService, RunClock clock, Consumer<Call> history) {
    this.shop = new ShopClient(customerService, orderService);
    this.customerService = customerService;
    this.clock = clock;
    this.history = history;
  }

  RunClock clock() {
    return clock;
  }

  /**
   * Makes a customer, in the mode in force.
   *
   * @return its call; the customer is in it if it was made
   */
  public Call create(String mode, String name, String limit) {
    long started = clock.now();
    var answer = shop.createCustomer(name, limit, null);
    var place = new Place(0, "prepare");
    return tell(
        place,
        "prepare",
        mode,
        Operation.CREATE_CUSTOMER,
        answer.text("customerId"),
        limit,
        started,
        started,
        answer,
        "");
  }

  /** Changes one limit, whatever version it has. */
  public Call change(Place place, String mode, String customer, String limit) {
    long started = clock.now();
    var answer = changeLimit(customer, limit);
    return tell(
        place,
        place.window(),
        mode,
        Operation.CHANGE_LIMIT,
        customer,
        limit,
        started,
        started,
        answer,
        "");
  }

  /**
   * Cancels what is still open, so that the next round begins with empty accounts: else the limits
   * would be reached once and for all, and every later order be rejected.
   */
  public void cancelOpenOrders(Arm arm, int round) {
    var place = new Place(round, "prepare");
    arm.open().parallelStream().forEach(each -> cancel(arm, place, each));
  }

  private void cancel(Arm arm, Place place, OpenOrder open) {
    long started = clock.now();
    var answer = shop.cancelOrder(open.order());
    var call =
        tell(
            place,
            place.window(),
            arm.mode(),
            Operation.CANCEL_ORDER,
            open.customer(),
            "",
            started,
            started,
            answer,
            open.order());
    if (call.ending() == Ending.OK || call.ending() == Ending.REFUSED) {
      arm.open().remove(open);
    }
  }

  /**
   * Does one step; does nothing for a cancel whose order is not known, because no answer has named
   * it.
   *
   * @param intended when it was due
   */
  void make(Arm arm, Place place, Step step, long intended) {
    var customer = arm.customers().get(step.customer());
    var order =
        step.operation() == Operation.CANCEL_ORDER
            ? arm.orderOf(place, step.client(), step.order()).orElse("")
            : "";
    if (step.operation() == Operation.CANCEL_ORDER && order.isEmpty()) {
      return;
    }
    long started = clock.now();
    var answer = send(step, customer, order);
    var call =
        tell(
            place,
            place.window() + "-" + step.client(),
            arm.mode(),
            step.operation(),
            customer,
            step.amount(),
            intended,
            started,
            answer,
            order);
    remember(arm, place, step, call);
  }

  private static void remember(Arm arm, Place place, Step step, Call call) {
    var order = new OpenOrder(call.orderId(), call.customer());
    if (call.operation() == Operation.PLACE_ORDER && !call.orderId().isEmpty()) {
      arm.placed(place, step.client(), step.number(), call.orderId());
      if (call.ending() == Ending.OK) {
        arm.open().add(order);
      }
    }
    if (call.operation() == Operation.CANCEL_ORDER && call.ending() == Ending.OK) {
      arm.open().remove(order);
    }
  }

  private Answer send(Step step, String customer, String order) {
    return switch (step.operation()) {
      case CHANGE_LIMIT -> changeLimit(customer, step.amount());
      case PLACE_ORDER -> shop.placeOrder(customer, step.amount());
      case CANCEL_ORDER -> shop.cancelOrder(order);
      case READ_CREDIT -> shop.credit(customer);
      case READ_CUSTOMER -> shop.customer(customer);
      case CREATE_CUSTOMER -> throw new IllegalArgumentException("no step of a script: " + step);
    };
  }

  private Answer changeLimit(String customer, String limit) {
    return shop.send(
        "PUT",
        customerService + "/customers/" + customer + "/creditlimit",
        "{\"amount\":\"" + limit + "\"}",
        Map.of("If-Match", "*"));
  }

  private Call tell(
      Place place,
      String client,
      String mode,
      Operation operation,
      String customer,
      String amount,
      long intended,
      long started,
      Answer answer,
      String order) {
    var call =
        new Call(
            numbers.incrementAndGet(),
            client,
            mode,
            place.round(),
            place.window(),
            operation,
            customer,
            amount,
            intended,
            started,
            clock.now(),
            Endings.of(answer),
            answer.status(),
            Endings.word(answer),
            version(answer),
            answer.text("changeId"),
            order.isEmpty() ? answer.text("orderId") : order);
    history.accept(call);
    return call;
  }

  private static long version(Answer answer) {
    var shown = answer.body().path("limitVersion").asLong(0);
    return shown > 0 ? shown : answer.version();
  }
}
