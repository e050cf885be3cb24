package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.rest.internal.InternalApi;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells the other parts what this side knows of a change. Asking changes nothing. */
@RestController
@InternalApi
class ChangeQuestions {

  /**
   * @param state {@code applied}, {@code refused} or {@code pending} as the change row says; {@code
   *     in-doubt} while a prepared transaction of this database holds the change; {@code
   *     superseded} if the copy has not seen it, but has its version or a later one; {@code
   *     unknown} otherwise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ChangeState(UUID changeId, String state, @Nullable Instant recordedAt) {}

  private final JdbcClient jdbc;
  private final ObjectProvider<LimitCopy> copy;

  ChangeQuestions(JdbcClient jdbc, ObjectProvider<LimitCopy> copy) {
    this.jdbc = jdbc;
    this.copy = copy;
  }

  /**
   * One statement, but not one snapshot: a branch that commits meanwhile is looked for twice.
   *
   * @param customer whose limit the change is, if a later version counts as well
   * @param version of the change, likewise
   */
  @GetMapping("/internal/limit-changes/{changeId}")
  ChangeState stateOf(
      @PathVariable UUID changeId,
      @RequestParam(required = false) @Nullable UUID customer,
      @RequestParam(required = false) @Nullable Long version) {
    var state = look(changeId);
    if (!state.state.equals("unknown")) {
      return state;
    }
    return customer != null && version != null && hasVersion(new CustomerId(customer), version)
        ? new ChangeState(changeId, "superseded", null)
        : look(changeId);
  }

  private boolean hasVersion(CustomerId customer, long version) {
    var here = copy.getIfAvailable();
    return here != null && here.versionOf(customer).filter(now -> now >= version).isPresent();
  }

  private ChangeState look(UUID changeId) {
    return jdbc.sql(
            """
            select coalesce(
                     (select state from limit_change where change_id = :change),
                     (select 'in-doubt' from pg_prepared_xacts
                       where database = current_database() and gid like '%:' || :change
                       limit 1),
                     'unknown') as state,
                   (select recorded_at from limit_change where change_id = :change) as recorded_at
            """)
        .param("change", changeId)
        .query(
            (row, number) ->
                new ChangeState(
                    changeId,
                    row.getString("state"),
                    instant(row.getObject(2, OffsetDateTime.class))))
        .single();
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
