package dev.tandem.customer.idempotency;

import dev.tandem.mode.ChangeId;
import dev.tandem.mode.CustomerId;
import dev.tandem.rest.ApiProblem;
import java.math.BigDecimal;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The keys that clients have used, each with the change that it stands for. A key is taken, and its
 * change opened, in one statement that commits before any work begins: whatever dies afterwards,
 * the next request with the key finds the change.
 */
@Repository
public class IdempotencyKeys {

  /** The latest attempt to do what the key stands for. */
  public record Attempt(ChangeId change, CustomerId customer) {}

  /** A change as it is opened together with its key. */
  public record Opening(
      ChangeId change, CustomerId customer, String kind, String mode, BigDecimal creditLimit) {}

  private static final String OPEN =
      """
      insert into open_change (change_id, customer_id, kind, mode, credit_limit)
      select :change, :customer, :kind, :mode, :limit from taken
      """;

  private static final String CLAIM =
      """
      with taken as (
        insert into idempotency_key (idempotency_key, fingerprint, change_id, customer_id)
        values (:key, :fingerprint, :change, :customer)
        on conflict (idempotency_key) do nothing
        returning change_id)
      """
          + OPEN;

  private static final String REPLACE =
      """
      with taken as (
        update idempotency_key set change_id = :change
         where idempotency_key = :key and change_id = :earlier
        returning change_id)
      """
          + OPEN;

  private final JdbcClient jdbc;

  IdempotencyKeys(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Takes the key for this change; false if it has been taken before. */
  public boolean claim(IdempotencyKey key, Opening opening) {
    return taken(CLAIM, key, opening, opening.change());
  }

  /** Lets the key stand for a new change; false if somebody else did so first. */
  public boolean replace(IdempotencyKey key, ChangeId earlier, Opening opening) {
    return taken(REPLACE, key, opening, earlier);
  }

  /**
   * What the key stands for.
   *
   * @throws ApiProblem 422 if it stands for another request
   */
  public Attempt attemptOf(IdempotencyKey key) {
    return jdbc.sql(
            "select fingerprint, change_id, customer_id from idempotency_key"
                + " where idempotency_key = ?")
        .param(key.text())
        .query(
            (row, number) -> {
              requireSame(key, row.getString("fingerprint"));
              return new Attempt(
                  new ChangeId(row.getObject("change_id", UUID.class)),
                  new CustomerId(row.getObject("customer_id", UUID.class)));
            })
        .single();
  }

  private boolean taken(String sql, IdempotencyKey key, Opening opening, ChangeId earlier) {
    return jdbc.sql(sql)
            .param("key", key.text())
            .param("fingerprint", key.fingerprint())
            .param("earlier", earlier.value())
            .param("change", opening.change().value())
            .param("customer", opening.customer().value())
            .param("kind", opening.kind())
            .param("mode", opening.mode())
            .param("limit", opening.creditLimit())
            .update()
        == 1;
  }

  private static void requireSame(IdempotencyKey key, String fingerprint) {
    if (!key.fingerprint().equals(fingerprint)) {
      throw ApiProblem.of(
              HttpStatus.UNPROCESSABLE_CONTENT,
              "idempotency-key-reused",
              "This Idempotency-Key was used for another request. Choose a new one for each wish.")
          .withError(IdempotencyKey.HEADER, "stands for another request");
    }
  }
}
