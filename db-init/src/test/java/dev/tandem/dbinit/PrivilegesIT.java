package dev.tandem.dbinit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PrivilegesIT {
  static TestServer server;

  @BeforeAll
  static void initialise() {
    server = new TestServer();
    for (var database : Databases.values()) {
      database.initialise(
          server.url(), TestServer.ADMIN, TestServer.ADMIN_PASSWORD, "owner", "runtime");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void theServiceReadsItsTables() throws Exception {
    try (var service = server.connect("customer", "customer_service", "runtime")) {
      assertThat(Sql.value(service, "select count(*) from customer")).isEqualTo("0");
    }
  }
}
