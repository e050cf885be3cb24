package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.customer.RunningService.Answer;
import dev.tandem.customer.RunningService.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reservations that are committed, but of which customer-db could not tell any more. */
class LostReplyIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String RESERVATION = "update customer set open_change";

  private static LraWorld world;
  private static LostReplies database;
  private static Service service;

  @BeforeAll
  static void start() {
    int port = CustomerDatabase.freePort();
    world = new LraWorld(port);
    database = new LostReplies();
    service =
        new Service(
            Map.of(
                "tandem.consistency.mode", "lra",
                "tandem.consistency.enabled", "lra,stage",
                "tandem.lra.time-limit", "2s",
                "tandem.lra.work-within", "1500ms",
                "tandem.services.tx-coordinator.url", "http://127.0.0.1:" + port,
                "tandem.services.order-service.url", "http://127.0.0.1:" + port),
            database::wayTo);
  }

  @AfterAll
  static void stop() throws IOException {
    service.close();
    database.close();
    world.close();
  }

  @Test
  void aReservationWhoseReplyIsLostIsToldAsUnknownAndTakenBack() {
    var customer = service.customer("100");

    var unknown = changeWhoseReplyIsLost(customer);

    assertUnknownAndTakenBack(customer, unknown);
    assertThat(change(customer).status()).isEqualTo(200);
  }

  @Test
  void theSameHoldsUnderAKeyAndTheKeyTriesAgain() {
    var customer = service.customer("100");
    var key = UUID.randomUUID().toString();

    var unknown = changeWhoseReplyIsLost(customer, "Idempotency-Key", key);

    assertUnknownAndTakenBack(customer, unknown);
    assertThat(change(customer, "Idempotency-Key", key).status()).isEqualTo(200);
  }

  private static Answer changeWhoseReplyIsLost(String customer, String... headers) {
    int before = database.lost();
    database.loseTheNextReplyTo(RESERVATION);
    var answer = change(customer, headers);
    assertThat(database.lost() - before).as("lost replies").isEqualTo(1);
    return answer;
  }

  private static void assertUnknownAndTakenBack(String customer, Answer unknown) {
    assertThat(unknown.status()).isEqualTo(503);
    assertThat(unknown.code()).isEqualTo("outcome-unknown");
    assertThat(isLocked(customer)).as("locked by the reservation").isTrue();
    await().atMost(SOON).until(() -> !isLocked(customer)); // by the sweeper: nobody asks
    var told = service.get(unknown.header("Location"));
    assertThat(told.body().path("state").asString()).isEqualTo("compensated");
    assertThat(told.header("Consistency-State")).isEqualTo("compensated");
  }

  private static Answer change(String customer, String... headers) {
    var all = new ArrayList<>(List.of("If-Match", "\"1\""));
    all.addAll(List.of(headers));
    return service.put(customer + "/creditlimit", "{\"amount\":50}", all.toArray(String[]::new));
  }

  private static boolean isLocked(String customer) {
    return service
        .database
        .sql()
        .sql("select open_change is not null from customer where customer_id = ?::uuid")
        .param(customer.substring(customer.lastIndexOf('/') + 1))
        .query(Boolean.class)
        .single();
  }
}
