package dev.tandem.customer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.customer.RunningService.Service;
import dev.tandem.rest.internal.UnusableSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;

@ExtendWith(RunningService.class)
class StartIT {

  private final Service service;

  StartIT(Service service) {
    this.service = service;
  }

  @Test
  void aDatabaseWithoutTablesStopsTheStartAndNamesTheCure() {
    service.database.inOneSession("create database empty owner customer_service");
    var url = service.database.url().replace("/customer", "/empty");

    assertThatThrownBy(() -> start(url, "EUR"))
        .isInstanceOf(UnusableSetting.class)
        .hasMessageContaining("spring.datasource.url=" + url)
        .extracting(setting -> ((UnusableSetting) setting).cure())
        .asString()
        .contains("Run db-init");
  }

  @Test
  void aCurrencyIsThreeCapitalLetters() {
    assertThatThrownBy(() -> start(service.database.url(), "euro"))
        .rootCause()
        .hasMessageContaining("three capital letters");
  }

  private static void start(String url, String currency) {
    SpringApplication.run(
            CustomerService.class,
            "--server.port=" + CustomerDatabase.freePort(),
            "--tandem.internal.port=" + CustomerDatabase.freePort(),
            "--tandem.internal.token=" + RunningService.TOKEN,
            "--spring.datasource.url=" + url,
            "--spring.datasource.password=" + CustomerDatabase.PASSWORD,
            "--tandem.currency=" + currency)
        .close();
  }
}
