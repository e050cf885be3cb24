package dev.tandem.order;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.tandem.mode.ChangeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

/** With real prepared transactions that hold a customer's credit account. */
@ExtendWith(Shop.class)
class InDoubtIT {

  private final OrderService service;

  InDoubtIT(OrderService service) {
    this.service = service;
  }

  @Test
  void halfASecondIsWaitedForALock() {
    assertThat(service.bean(JdbcClient.class).sql("show lock_timeout").query(String.class).single())
        .isEqualTo("500ms");
  }

  @Test
  void anOrderOfACustomerInDoubtIsToldSoWithinASecondAndNothingIsStored() {
    var customer = service.customerWithLimit("100");
    var branch = service.prepare(ChangeId.random(), customer, "200", 2);
    try {
      var answer = service.place(customer, "150");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text("code")).isEqualTo("limit-in-doubt");
      assertThat(answer.body().get("retryable").asBoolean()).isTrue();
      assertThat(answer.header("Retry-After")).isEqualTo("1");
      assertThat(answer.took().toMillis()).isLessThan(1_000);
      assertThat(items(customer)).isZero();
    } finally {
      service.commit(branch);
    }
    assertThat(service.place(customer, "150").text("orderState")).isEqualTo("APPROVED");
  }

  @Test
  void whatMustNotWaitDoesNotWait() {
    var customer = service.customerWithLimit("100");
    var open = service.place(customer, "10", "Idempotency-Key", "k" + customer);
    var cancelled = service.place(customer, "10").text("orderId");
    service.cancel(cancelled);
    var branch = service.prepare(ChangeId.random(), customer, "5", 2);
    try {
      assertThat(service.cancel(open.text("orderId")).text("code")).isEqualTo("limit-in-doubt");
      assertThat(service.cancel(cancelled).status()).as("repeated cancel").isEqualTo(200);
      assertThat(service.place(customer, "10", "Idempotency-Key", "k" + customer).body())
          .as("repeated order")
          .isEqualTo(open.body());
      assertThat(service.credit(customer).text("creditLimit.amount")).isEqualTo("100.00");
      assertThat(items(customer)).isEqualTo(2);
    } finally {
      service.rollback(branch);
    }
    assertThat(service.cancel(open.text("orderId")).status()).isEqualTo(200);
  }

  @Test
  void aPileOfRequestsForOneCustomerInDoubtDoesNotHoldUpTheOthers() {
    var locked = service.customerWithLimit("100");
    var free = List.of(service.customerWithLimit("1000"), service.customerWithLimit("1000"));
    var branch = service.prepare(ChangeId.random(), locked, "200", 2);
    try {
      var tasks = new ArrayList<Callable<OrderService.Answer>>();
      for (int n = 0; n < 50; n++) {
        tasks.add(() -> service.place(locked, "1"));
      }
      for (int n = 0; n < 20; n++) {
        var customer = free.get(n % 2);
        tasks.add(() -> service.place(customer, "1"));
      }
      var answers = Together.run(tasks);

      assertThat(answers.subList(0, 50))
          .allMatch(answer -> "limit-in-doubt".equals(answer.text("code")))
          .allMatch(answer -> answer.took().toMillis() < 1_500);
      assertThat(answers.subList(50, 70))
          .allMatch(answer -> "APPROVED".equals(answer.text("orderState")));
    } finally {
      service.rollback(branch);
    }
    assertThat(service.place(locked, "1").text("orderState")).isEqualTo("APPROVED");
  }

  @Test
  void manyCustomersInDoubtDoNotHoldUpTheOthers() throws Exception {
    var free = service.customerWithLimit("1000");
    var locked = Stream.generate(() -> service.customerWithLimit("100")).limit(25).toList();
    var branches =
        locked.stream().map(c -> service.prepare(ChangeId.random(), c, "200", 2)).toList();
    var clients = Executors.newScheduledThreadPool(locked.size());
    try {
      for (int n = 0; n < locked.size(); n += 5) { // each is found to be locked, once
        Together.run(
            locked.subList(n, n + 5).stream()
                .<Callable<OrderService.Answer>>map(c -> () -> service.place(c, "1"))
                .toList());
      }
      locked.forEach(
          c -> clients.scheduleWithFixedDelay(() -> service.place(c, "1"), 0, 250, MILLISECONDS));
      for (int n = 0; n < 30; n++) { // one that finds no connection within 1 s is a 503
        var answer = service.place(free, "1");
        assertThat(answer.text("orderState")).as("%s", answer).isEqualTo("APPROVED");
        assertThat(busyConnections()).isLessThanOrEqualTo(6); // 4 that look, and passing ones
      }
      service.rollback(branches.get(0));
      await()
          .atMost(Duration.ofSeconds(3))
          .until(() -> service.place(locked.get(0), "1").status() == 201);
    } finally {
      clients.shutdown();
      assertThat(clients.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      branches.stream().skip(1).forEach(service::rollback);
    }
    assertThat(locked)
        .allSatisfy(customer -> assertThat(service.place(customer, "1").status()).isEqualTo(201));
  }

  private int busyConnections() {
    return ((HikariDataSource) service.bean(DataSource.class))
        .getHikariPoolMXBean()
        .getActiveConnections();
  }

  @Test
  void theInternalListenerTellsWhatBecameOfAChange() {
    var customer = service.customerWithLimit("100");
    var change = ChangeId.random();
    var refused = ChangeId.random();
    assertThat(stateOf(change).text("state")).isEqualTo("unknown");
    assertThat(stateOf(change).body().has("recordedAt")).isFalse();

    var branch = service.prepare(change, customer, "200", 2);
    assertThat(stateOf(change).text("state")).isEqualTo("in-doubt");

    service.commit(branch);
    assertThat(stateOf(change).text("state")).isEqualTo("applied");
    assertThat(stateOf(change).text("recordedAt")).isNotNull();

    service.rollback(service.prepare(refused, customer, "300", 3));
    assertThat(stateOf(refused).text("state")).isEqualTo("refused");
    assertThat(service.credit(customer).text("creditLimit.amount")).isEqualTo("200.00");
  }

  @Test
  void internalPathsAreNotOnThePublicPortAndNeedTheToken() {
    var path = "/internal/limit-changes/" + UUID.randomUUID();

    assertThat(service.get(path).status()).isEqualTo(404);
    var without =
        java.net.http.HttpRequest.newBuilder(java.net.URI.create(service.internalUrl(path)));
    assertThat(service.send(without).status()).isEqualTo(401);
    assertThat(service.internal("GET", "/orders", "").status())
        .as("the public API is not on the internal port")
        .isEqualTo(404);
  }

  @Test
  void anXidOnThePublicPortMeansNothing() {
    var customer = service.customerWithLimit("100");

    var answer = service.place(customer, "1", "Xid", "xa1:forged1:b:" + UUID.randomUUID());

    assertThat(answer.status()).isEqualTo(201);
    assertThat(service.credit(customer).text("exposure.amount")).isEqualTo("1.00");
  }

  private OrderService.Answer stateOf(ChangeId change) {
    return service.internal("GET", "/internal/limit-changes/" + change, "");
  }

  private int items(UUID customer) {
    return service.get("/customers/" + customer + "/orderhistory").body().get("items").size();
  }
}
