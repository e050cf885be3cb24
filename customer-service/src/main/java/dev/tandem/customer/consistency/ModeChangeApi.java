package dev.tandem.customer.consistency;

import dev.tandem.mode.ModeInForce;
import dev.tandem.mode.ModeSwitch;
import dev.tandem.mode.ModeSwitch.Held;
import dev.tandem.mode.ModeSwitch.Open;
import dev.tandem.mode.ModeSwitch.State;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Changes the mode, at the internal door: with the service token, under the path of the view. */
@InternalApi
@RestController
class ModeChangeApi {

  static final String PATH = "/actuator/consistency";

  private static final Logger log = LoggerFactory.getLogger(ModeChangeApi.class);

  private static final String A_MOMENT = "1";

  /**
   * What an operator wishes.
   *
   * @param by who he is, for the history: the token does not tell
   */
  record WishedMode(
      @NotNull(message = "is missing") String mode,
      @NotBlank(message = "is missing: say who changes the mode")
          @Size(max = 100, message = "must have at most 100 characters")
          @Pattern(
              regexp = "[^\\p{Cntrl}\\p{Cs}]*",
              message = "must not have control characters or broken ones")
          String by) {}

  private final ModeSwitch modes;
  private final ModeInForce inForce;

  ModeChangeApi(ModeSwitch modes, ModeInForce inForce) {
    this.modes = modes;
    this.inForce = inForce;
  }

  @PostMapping(PATH)
  State change(@Valid @RequestBody WishedMode wished) {
    requireEnabled(wished.mode());
    var inTheWay = changed(wished);
    if (inTheWay.isPresent()) {
      log.warn("mode {}, wished by {}, is refused: {}", wished.mode(), wished.by(), inTheWay.get());
      throw refused(wished.mode(), inTheWay.get());
    }
    log.info("mode {}, wished by {}, is in force", wished.mode(), wished.by());
    return modes.state();
  }

  private void requireEnabled(String mode) {
    if (!inForce.enabled().contains(mode)) {
      throw ApiProblem.badField(
          "mode", "is not enabled here; enabled are " + String.join(", ", inForce.enabled()));
    }
  }

  private Optional<Open> changed(WishedMode wished) {
    try {
      return modes.switchTo(wished.mode(), wished.by());
    } catch (DataAccessException | TransactionException away) {
      log.warn("mode {}, wished by {}: {}", wished.mode(), wished.by(), away.getMessage());
      throw ApiProblem.of(
              HttpStatus.SERVICE_UNAVAILABLE,
              "database-away",
              "The database of customer-service is away or busy. Read which mode is in force, or"
                  + " send the request again: it does no harm.")
          .withHeader(HttpHeaders.RETRY_AFTER, A_MOMENT);
    }
  }

  private static ApiProblem refused(String mode, Open open) {
    return ApiProblem.of(
            HttpStatus.CONFLICT,
            "mode-held",
            "The mode was not changed to " + mode + ": " + sentence(open))
        .with("open", open)
        .retryable()
        .withHeader(HttpHeaders.RETRY_AFTER, A_MOMENT);
  }

  private static String sentence(Open open) {
    var named =
        Stream.of(
                named("in doubt is branch ", open.branches()),
                named("open is action ", open.actions()),
                named("at work is the database's process ", open.sessions()))
            .flatMap(all -> all)
            .collect(Collectors.joining("; "));
    return named.isEmpty()
        ? "changes followed each other without a gap. Try again."
        : named + ". They end by themselves when all parts are healthy.";
  }

  private static Stream<String> named(String what, List<Held> held) {
    return held.stream()
        .map(one -> "%s%s for %.1f s".formatted(what, one.id(), one.ageMillis() / 1e3));
  }
}
