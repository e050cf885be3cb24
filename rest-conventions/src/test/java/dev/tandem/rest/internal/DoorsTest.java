package dev.tandem.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.rest.TestService;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which request passes which door, and with which settings there is no door at all. */
class DoorsTest {

  private static TestService service;

  @BeforeAll
  static void start() {
    service = new TestService(Map.of());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aTokenPathHoldsItselfAndWhatIsBelowIt() {
    var path = new TokenPath("/lra-coordinator");
    assertThat(path.holds("/lra-coordinator")).isTrue();
    assertThat(path.holds("/lra-coordinator/start")).isTrue();
    assertThat(path.holds("/lra-coordinators")).isFalse();
    assertThat(path.holds("/actuator")).isFalse();
  }

  @Test
  void theInternalDoorOpensForTheToken() {
    var answer = internally("/internal/thing", "POST", "Bearer " + TestService.TOKEN);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("done");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/internal/thing",
    "GET,/internal/thing",
    "OPTIONS,/internal/thing",
    "POST,/internal/nothing",
    "POST,/wishes",
    "GET,/",
    "GET,/error"
  })
  void withoutTheTokenTheInternalDoorTellsNothing(String method, String path) {
    for (var given :
        new String[] {null, "Bearer wrong", "bearer " + TestService.TOKEN, TestService.TOKEN}) {
      var answer = internally(path, method, given);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"code\":\"service-token-required\"");
    }
  }

  @Test
  void thePublicApiIsNotReachedThroughTheInternalDoor() {
    assertThat(internally("/failures", "GET", "Bearer " + TestService.TOKEN).statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/internal/thing",
    "GET,/internal/thing",
    "OPTIONS,/internal/thing",
    "POST,/%69nternal/thing",
    "POST,/internal;a=b/thing",
    "POST,//internal/thing",
    "POST,/x/../internal/thing"
  })
  void theInternalApiIsNotFoundThroughThePublicDoor(String method, String path) {
    var request =
        HttpRequest.newBuilder(service.publicly(path))
            .header("Authorization", "Bearer " + TestService.TOKEN)
            .method(method, BodyPublishers.noBody());
    var answer = service.send(request);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"code\":\"not-found\"");
  }

  @Test
  void theInternalDoorIsOnLoopbackUnlessToldOtherwise() {
    assertThat(service.internalAddress()).isEqualTo(InetAddress.getLoopbackAddress());
    try (var other = new TestService(Map.of("tandem.internal.address", "0.0.0.0"))) {
      assertThat(other.internalAddress().isAnyLocalAddress()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tandem.internal.token,,tandem.internal.token is not set",
    "tandem.internal.token,short,tandem.internal.token is too short",
    "tandem.internal.token,fifteen-letters,tandem.internal.token is too short",
    "tandem.internal.token,twenty letters apart,tandem.internal.token has letters",
    "tandem.internal.token,zwanzig-große-zeichen,tandem.internal.token has letters",
    "tandem.internal.address,no.such.host.invalid,tandem.internal.address=no.such.host.invalid",
    "tandem.internal.address,192.0.2.1,tandem.internal.address=192.0.2.1",
    "tandem.internal.port,70000,tandem.internal.port is 70000",
    "tandem.internal.port,-1,tandem.internal.port is -1"
  })
  void anUnusableSettingStopsTheStartWithASentenceAndItsCure(
      String setting, String value, String sentence) {
    var settings = new java.util.HashMap<String, Object>();
    settings.put(setting, value == null ? "" : value);
    assertThatThrownBy(() -> new TestService(settings).close())
        .satisfies(
            failure -> {
              var found = unusable(failure);
              var analysis = new UnusableSettingAnalyzer().analyze(failure);
              assertThat(found).hasMessageStartingWith(sentence.replace("not set", ""));
              assertThat(analysis.getDescription()).isEqualTo(found.getMessage());
              assertThat(analysis.getAction()).isNotBlank();
            });
  }

  @Test
  void aPartWithoutAnAddressOrWithOneThatIsNoneStopsTheStart() {
    var clients = service.bean(InternalClients.class);
    assertThatThrownBy(() -> clients.forService("nobody", java.time.Duration.ofSeconds(1)))
        .isInstanceOf(UnusableSetting.class)
        .hasMessageContaining("tandem.services.nobody.url is not set");
    var addresses =
        new ServiceAddresses(Map.of("a", new ServiceAddresses.Address("127.0.0.1:9090")));
    assertThatThrownBy(() -> addresses.urlOf("a"))
        .isInstanceOf(UnusableSetting.class)
        .hasMessageContaining("is not an address");
  }

  private static UnusableSetting unusable(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnusableSetting found) {
        return found;
      }
    }
    throw new AssertionError("no unusable setting", failure);
  }

  private static HttpResponse<String> internally(String path, String method, String authorization) {
    var request =
        HttpRequest.newBuilder(service.internally(path)).method(method, BodyPublishers.noBody());
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return service.send(request);
  }
}
