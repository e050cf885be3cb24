package dev.tandem.order;

import dev.tandem.rest.internal.UnusableSetting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Looks at the start whether the database is ours. One that is away is no reason not to start: the
 * service is not ready until it is there.
 */
@Component
class DatabaseCheck {

  private static final Logger log = LoggerFactory.getLogger(DatabaseCheck.class);

  DatabaseCheck(JdbcClient jdbc) {
    try {
      jdbc.sql("select count(copy_as_of) from (select copy_as_of from orders limit 1)")
          .query(Long.class)
          .single();
    } catch (BadSqlGrammarException notInitialised) {
      throw new UnusableSetting(
          "spring.datasource.url leads to a database without order-service's tables, or"
              + " with those of an earlier version, or the role of"
              + " spring.datasource.username may not use them",
          "Run db-init on that server first.");
    } catch (DataAccessException away) {
      log.warn(
          "The database is away, not ready until it comes: {}",
          away.getMostSpecificCause().getMessage());
    }
  }
}
