package dev.tandem.stack.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.ShopClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever is not the coordinator ends no action, who has not the token begins none, and an old
 * callback changes nothing.
 */
@InMode("lra")
class ForgedCallbackIT {
  private static final List<String> ELSEWHERE =
      List.of(
          "http://127.0.0.1:1/internal/lra/x",
          "http://evil.example/internal/lra/x",
          "http://order-service@evil.example/internal/lra/x",
          "http://order-service/orders/x");
  private static final String NOBODYS = "0_ffff7f000001_1_1_1";

  private final RunningShop shop;
  private final ShopClient client;
  private String customer = "";
  private String before = "";

  ForgedCallbackIT(RunningShop shop) {
    this.shop = shop;
    this.client = shop.client();
  }

  @BeforeEach
  void aCustomerWhoseLimitHasBeenRaised() throws Exception {
    customer = shop.newCustomer("100.00");
    shop.limitChanged(customer, 1, "200.00");
    before = shop.tables().contents();
  }

  @AfterEach
  void nothingHasChanged() throws Exception {
    BrokenPromise.unless(shop.tables().unchangedSince(before));
    BrokenPromise.unless(shop.check().nothingIsUnderWay());
    shop.tables().empty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"complete", "compensate"})
  void aCallbackWithoutTheTokenIsRefused(String callback) throws Exception {
    var path = "/internal/lra/" + action() + "/" + callback;

    assertThat(put(shop.internalUrl("order-service") + path, Map.of()).inWords())
        .isEqualTo("401 service-token-required");
    assertThat(
            put(shop.internalUrl("order-service") + path, Map.of("Authorization", "Bearer guessed"))
                .inWords())
        .isEqualTo("401 service-token-required");
    assertThat(put(shop.url("order-service") + path, authorized()).status())
        .as("on the public port")
        .isEqualTo(404);
    assertLogged("order-service", "refused without the service token: PUT " + path);
  }

  @Test
  void anOldCallbackIsAnsweredAndHasNoEffect() throws Exception {
    var complete = shop.internalUrl("order-service") + "/internal/lra/" + action() + "/complete";

    assertThat(put(complete, authorized()).status()).isEqualTo(200);
    assertThat(put(complete, authorized()).status()).isEqualTo(200);
    assertLogged("order-service", "REPEATED " + action());

    BrokenPromise.unless(shop.check().noAnomaly());
  }

  @Test
  void aCallbackThatContradictsTheEndIsAnAnomaly() throws Exception {
    var compensate =
        shop.internalUrl("order-service") + "/internal/lra/" + action() + "/compensate";

    assertThat(put(compensate, authorized()).status()).isEqualTo(500);

    assertThat(shop.check().noAnomaly().words()).contains("FailedToCompensate");
    assertThat(shop.stack().unsettled().anomalies()).isEqualTo(1);
  }

  @Test
  void aCallbackOfAnActionThatNobodyKnowsLeavesATombstone() throws Exception {
    var url = shop.internalUrl("order-service") + "/internal/lra/" + NOBODYS + "/compensate";

    assertThat(put(url, authorized()).status()).isEqualTo(200);

    assertThat(
            shop.tables()
                .ask(
                    Tables.COPY, "select state from limit_change where action = '" + NOBODYS + "'"))
        .containsExactly("refused");
    assertLogged("order-service", "TOMBSTONE " + NOBODYS);
  }

  @Test
  void aLinkThatPointsElsewhereIsRefused() throws Exception {
    var coordinator = shop.internalUrl("tx-coordinator") + "/lra-coordinator";
    var started =
        client.send("POST", coordinator + "/start?ClientID=forged&TimeLimit=500", "", authorized());
    assertThat(started.status()).isEqualTo(201);
    var location = started.header("location").orElseThrow();
    var action = coordinator + location.substring(location.lastIndexOf('/'));
    for (var target : ELSEWHERE) {
      var headers = new HashMap<>(authorized());
      headers.put(
          "Link",
          "<%s/complete>; rel=complete, <%s/compensate>; rel=compensate".formatted(target, target));

      assertThat(put(action, headers).inWords()).as(target).isEqualTo("400 link-refused");
    }
    assertLogged(
        "tx-coordinator",
        location.substring(location.lastIndexOf('/') + 1) + " refused a participant");
    shop.awaitNothingUnderWay();
  }

  @Test
  void nobodyBeginsOrListsActionsWithoutTheToken() {
    var coordinator = shop.internalUrl("tx-coordinator");
    for (var answer :
        List.of(
            client.send("POST", coordinator + "/lra-coordinator/start", "", Map.of()),
            client.send("GET", coordinator + "/lra-coordinator", "", Map.of()),
            client.send("GET", coordinator + "/internal/lra/actions", "", Map.of()),
            client.send(
                "GET", shop.internalUrl("order-service") + "/internal/anomalies", "", Map.of()))) {
      assertThat(answer.inWords()).isEqualTo("401 service-token-required");
    }
  }

  /** The one that has raised the limit. */
  private String action() throws Exception {
    return shop.tables()
        .ask(Tables.COPY, "select action from limit_change where kind = 'change'")
        .get(0);
  }

  private void assertLogged(String part, String words) throws IOException {
    assertThat(Files.readString(shop.stack().log(part))).contains(words);
  }

  private Answer put(String url, Map<String, String> headers) {
    return client.send("PUT", url, "", headers);
  }

  private Map<String, String> authorized() {
    return Map.of("Authorization", shop.authorization());
  }
}
