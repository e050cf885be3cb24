package dev.tandem.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.rest.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A customer's credit as order-service sees it. */
record CreditView(
    UUID customerId,
    Money creditLimit,
    @Schema(
            description =
                "What the limit may become: a change of it is open. Until it has its end, the lower"
                    + " one of both decides. Absent otherwise")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Money pendingLimit,
    @Schema(description = "Sum of the totals of the open (approved) orders") Money exposure,
    @Schema(
            description =
                "What may still be ordered, whatever becomes of a pending limit; never negative")
        Money available,
    @Schema(description = "By how much the open orders exceed a limit that was lowered since")
        Money overLimitBy,
    @Schema(description = "Version of the limit, counted by customer-service") long limitVersion,
    @Schema(
            description =
                "Milliseconds since this copy took that version. Not a measure of staleness: a limit"
                    + " that never changes gets old and stays right.")
        long limitAgeMs,
    @Schema(
            description =
                "A newer version of the limit that came and could not be taken: it lies in the dead"
                    + " letters, and this copy is out of date, whatever its age, until that or a later"
                    + " version is taken. Absent otherwise")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Long missedVersion,
    @Schema(
            description =
                "What customer-service committed in so many milliseconds before now may be missing in"
                    + " this copy; all before is in it, but for a missedVersion. Null if nobody could say yet")
        @Nullable Long copyAgeMs,
    @Schema(description = "Where the limit was found", example = "replica") String source) {

  static CreditView of(CreditAccount account, Optional<Duration> copyAge, String currency) {
    var pending = account.pendingLimit();
    return new CreditView(
        account.customer(),
        Money.of(account.creditLimit(), currency),
        pending == null ? null : Money.of(pending, currency),
        Money.of(account.exposure(), currency),
        Money.of(account.available(), currency),
        Money.of(account.overLimitBy(), currency),
        account.limitVersion(),
        account.limitAge().toMillis(),
        account.missedVersion(),
        copyAge.map(Duration::toMillis).orElse(null),
        "replica");
  }
}
