package dev.tandem.customer;

import dev.tandem.rest.internal.UnusableSetting;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How this service meets its database: away, or without tables. */
@Configuration(proxyBeanMethods = false)
class DatabaseDoor {

  private static final Logger log = LoggerFactory.getLogger(DatabaseDoor.class);

  /** A database without tables stops the start; one that is away does not: it may come. */
  @Bean
  SmartInitializingSingleton tablesAreThere(JdbcClient jdbc, DataSourceProperties settings) {
    return () -> {
      try {
        requireTables(jdbc, settings.getUrl());
      } catch (DataAccessResourceFailureException away) {
        log.warn("customer-db is away: starting without it, not ready until it comes");
      }
    };
  }

  private static void requireTables(JdbcClient jdbc, @Nullable String url) {
    var missing = jdbc.sql("select to_regclass('outbox') is null").query(Boolean.class).single();
    if (missing) {
      throw new UnusableSetting(
          "spring.datasource.url="
              + url
              + " is a database without Tandem's tables, or with those of an"
              + " earlier version",
          "Run db-init for it, or name the database that db-init has set up.");
    }
  }
}
