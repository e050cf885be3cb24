package dev.tandem.mode;

import dev.tandem.rest.internal.InternalApi;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Writes down each contradiction that a room reports, once, and shows them all to whoever watches
 * over the system. Nothing ever takes one away: a human has to look.
 */
@RestController
@InternalApi
class Anomalies implements ModeListener {

  private static final Logger log = LoggerFactory.getLogger(Anomalies.class);

  /** The newest ones; more than somebody reads. */
  private static final int SHOWN = 200;

  record Anomaly(UUID changeId, String mode, String what, Instant at) {}

  private final JdbcClient jdbc;

  Anomalies(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @GetMapping("/internal/anomalies")
  Map<String, List<Anomaly>> anomalies() {
    return Map.of(
        "anomalies",
        jdbc.sql(
                """
                select change_id, mode, what, at from anomaly order by anomaly_number desc limit ?
                """)
            .param(SHOWN)
            .query(
                (row, number) ->
                    new Anomaly(
                        row.getObject("change_id", UUID.class),
                        row.getString("mode"),
                        row.getString("what"),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
            .list());
  }

  @Override
  public void step(ChangeId change, String mode, Step step, String detail) {
    if (step == Step.ANOMALY) {
      write(change, mode, detail);
    }
  }

  private void write(ChangeId change, String mode, String what) {
    try {
      jdbc.sql(
              """
              insert into anomaly (change_id, mode, what) values (?, ?, ?)
              on conflict (change_id, what) do nothing
              """)
          .params(change.value(), mode, what)
          .update();
    } catch (DataAccessException away) {
      log.error(
          "{} {} anomaly, only in this log: {} ({})",
          change,
          mode,
          what,
          away.getMostSpecificCause().getMessage());
    }
  }

  @Override
  public void ended(ChangeId change, String mode, Outcome outcome, Duration took) {
    // an outcome is no anomaly: rooms report those as steps
  }
}
