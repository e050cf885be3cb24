package dev.tandem.order;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/** Spring knows most of PostgreSQL's states, but not the one of {@code lock_timeout}. */
@Configuration(proxyBeanMethods = false)
class LockTimeouts {

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  @Bean
  SQLExceptionTranslator lockTimeoutsAreLockFailures() {
    var translator = new SQLExceptionSubclassTranslator();
    translator.setCustomTranslator(
        (task, sql, failure) ->
            LOCK_NOT_AVAILABLE.equals(failure.getSQLState())
                ? new CannotAcquireLockException(task, failure)
                : null);
    return translator;
  }
}
