package dev.tandem.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackSettingsTest {
  @Test
  void thePortsOfTheReadmeAreTheStandardOnes() {
    assertThat(Parts.choosePorts(settings(Map.of())))
        .containsEntry("TANDEM_CUSTOMER_SERVICE_PORT", "8081")
        .containsEntry("TANDEM_CUSTOMER_SERVICE_INTERNAL_PORT", "9081")
        .containsEntry("TANDEM_ORDER_SERVICE_PORT", "8082")
        .containsEntry("TANDEM_ORDER_SERVICE_INTERNAL_PORT", "9082")
        .containsEntry("TANDEM_TX_COORDINATOR_PORT", "9090")
        .containsEntry("TANDEM_BROKER_PORT", "61616")
        .containsEntry("TANDEM_BROKER_HEALTH_PORT", "9161")
        .containsEntry("TANDEM_CUSTOMER_DB_PORT", "5441")
        .containsEntry("TANDEM_ORDER_DB_PORT", "5442");
  }

  @Test
  void freePortsLeaveThoseThatAreNamed() {
    var ports =
        Parts.choosePorts(settings(Map.of("TANDEM_PORTS", "free", "TANDEM_ORDER_DB_PORT", "7777")));

    assertThat(ports).containsEntry("TANDEM_ORDER_DB_PORT", "7777").doesNotContainValue("8081");
    assertThat(ports.values()).doesNotHaveDuplicates();
  }

  @Test
  void aPortThatIsNoneIsRefusedByItsName() {
    assertThatThrownBy(() -> Parts.choosePorts(settings(Map.of("TANDEM_ORDER_DB_PORT", "70000"))))
        .isInstanceOf(StackException.class)
        .hasMessage("TANDEM_ORDER_DB_PORT=70000 is not a port (1 to 65535).");
  }

  @Test
  void aModeIsLoadedBesidesThoseThatAlwaysAre() {
    var settings = settings(Map.of()).withModes("besteffort", List.of("besteffort"));

    assertThat(settings.modeArguments())
        .containsExactly(
            "--tandem.consistency.mode=besteffort",
            "--tandem.consistency.enabled=xa,lra,event,besteffort");
  }

  @Test
  void whichModesAreLoadedIsTheServicesAffairUnlessSomebodySays() {
    assertThat(settings(Map.of()).withModes(null, List.of()).modeArguments())
        .containsExactly("--tandem.consistency.mode=xa");
    assertThat(settings(Map.of("TANDEM_CONSISTENCY_ENABLED", "lra")).withModes("lra", List.of()))
        .extracting(StackSettings::modeArguments)
        .asInstanceOf(LIST)
        .containsExactly("--tandem.consistency.mode=lra", "--tandem.consistency.enabled=lra");
  }

  @Test
  void anUnknownModeIsRefusedWithTheModesThatThereAre() {
    assertThatThrownBy(() -> settings(Map.of()).withModes("saga", List.of()))
        .isInstanceOf(StackException.class)
        .hasMessage("There is no mode saga. The modes are xa, lra, event, besteffort.");
  }

  @Test
  void theModeIsRememberedForALaterStart() {
    var remembered = settings(Map.of()).withModes("lra", List.of()).toRemember(List.of());

    assertThat(remembered).isEqualTo(Map.of("TANDEM_CONSISTENCY_MODE", "lra"));
  }

  @Test
  void partsInheritEverythingButTheDatabasesSecrets() {
    var given =
        Map.of(
            "TANDEM_XA_TIMEOUT",
            "3s",
            "TANDEM_ORDER_DB_ADMIN_PASSWORD",
            "secret",
            "TANDEM_ORDER_DB_URL",
            "jdbc:…",
            "TANDEM_BROKER_URL",
            "tcp://broker.example:61616",
            "PATH",
            "/bin");

    assertThat(settings(given).inheritedEnvironment())
        .isEqualTo(Map.of("TANDEM_XA_TIMEOUT", "3s", "PATH", "/bin"));
  }

  @Test
  void anExternalServerNeedsItsPassword() {
    var url = Map.of("TANDEM_ORDER_DB_URL", "jdbc:postgresql://db.example:6000/postgres?ssl=true");

    assertThatThrownBy(() -> settings(url).externalServer("order-db"))
        .hasMessageContaining("TANDEM_ORDER_DB_ADMIN_PASSWORD");
    assertThat(
            settings(url)
                .with("TANDEM_ORDER_DB_ADMIN_PASSWORD", "x")
                .externalServer("order-db")
                .orElseThrow()
                .jdbcUrl("orders"))
        .isEqualTo("jdbc:postgresql://db.example:6000/orders?ssl=true");
  }

  @Test
  void anAddressThatIsNotPostgresIsRefused() {
    var wrong =
        Map.of("TANDEM_ORDER_DB_URL", "db.example:5432", "TANDEM_ORDER_DB_ADMIN_PASSWORD", "x");

    assertThatThrownBy(() -> settings(wrong).externalServer("order-db"))
        .hasMessage(
            "TANDEM_ORDER_DB_URL is not like jdbc:postgresql://host:port/postgres: db.example:5432");
  }

  @Test
  void anExternalBrokerNeedsItsUserAndItsPasswordAndIsRemembered() {
    var url = Map.of("TANDEM_BROKER_URL", "tcp://broker.example:61616");
    var whole = settings(url).with("TANDEM_BROKER_USER", "me").with("TANDEM_BROKER_PASSWORD", "x");

    assertThatThrownBy(() -> settings(url).externalBroker("broker"))
        .hasMessage("TANDEM_BROKER_URL needs TANDEM_BROKER_USER, too.");
    assertThatThrownBy(
            () -> settings(url).with("TANDEM_BROKER_USER", "me").externalBroker("broker"))
        .hasMessage("TANDEM_BROKER_URL needs TANDEM_BROKER_PASSWORD, too.");
    assertThat(whole.externalBroker("broker"))
        .contains(new BrokerAccess("tcp://broker.example:61616", "me", "x"));
    assertThat(whole.toRemember(List.of()))
        .containsEntry("TANDEM_BROKER_URL", "tcp://broker.example:61616")
        .containsEntry("TANDEM_BROKER_USER", "me")
        .containsEntry("TANDEM_BROKER_PASSWORD", "x");
  }

  @Test
  void anAddressThatIsNoBrokerIsRefused() {
    assertThatThrownBy(
            () -> new ExternalBroker("broker", new BrokerAccess("broker.example", "me", "x")))
        .hasMessage("TANDEM_BROKER_URL is not like tcp://host:61616: broker.example");
  }

  @Test
  void aLinkLeadsOnePartToAnotherByAnotherWayAndNobodyElse(@TempDir Path home) {
    assertThat(StackSettings.linkVariable("customer-service", "order-db"))
        .isEqualTo("TANDEM_CUSTOMER_SERVICE_TO_ORDER_DB");
    var parts =
        new Parts(
            settings(
                Map.of(
                    "TANDEM_CUSTOMER_SERVICE_TO_ORDER_SERVICE", "127.0.0.1:7001",
                    "TANDEM_ORDER_SERVICE_TO_ORDER_DB", "127.0.0.1:7002",
                    "TANDEM_ORDER_SERVICE_TO_BROKER", "127.0.0.1:7003")),
            new Installation(home));

    var customerService = parts.customerService();
    var orderService = parts.serviceNamed(Parts.ORDER_SERVICE);
    var coordinator = parts.coordinatorPart();
    var itself = "--tandem.services.order-service.url=http://127.0.0.1:";
    assertThat(customerService.command()).contains(itself + "7001");
    assertThat(coordinator.command()).contains(itself + "9082");
    assertThat(orderService.command())
        .contains(
            itself + "9082", "--spring.datasource.url=jdbc:postgresql://127.0.0.1:7002/orders");
    assertThat(orderService.environment())
        .containsEntry("TANDEM_EVENT_BROKER_URL", "tcp://127.0.0.1:7003");
    assertThat(customerService.environment())
        .containsEntry("TANDEM_EVENT_BROKER_URL", "tcp://127.0.0.1:61616");
  }

  private static StackSettings settings(Map<String, String> environment) {
    return StackSettings.of(Path.of("."), environment);
  }
}
