package dev.tandem.customer.limitchanges;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What every call that starts a change may answer besides its success, for the API's page. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
    responseCode = "202",
    description = "The outcome is still open: it takes place in both services, or in none, soon",
    content = @Content(schema = @Schema(implementation = ChangeAnswers.ChangeView.class)),
    headers = {
      @Header(name = "Location", description = "The limit change: ask there"),
      @Header(name = "Retry-After", description = "Seconds"),
      @Header(name = "Consistency-Mode", description = "The mode that carries it"),
      @Header(name = "Consistency-State", description = "`pending`")
    })
@ApiResponse(
    responseCode = "400",
    description =
        "`invalid-request`, `malformed-json`: `errors[]` names each wrong field or header")
@ApiResponse(responseCode = "413", description = "`body-too-large`: over 64 KiB")
@ApiResponse(responseCode = "415", description = "`unsupported-media-type`: send application/json")
@ApiResponse(
    responseCode = "422",
    description = "`idempotency-key-reused`: the key stands for another request")
@ApiResponse(
    responseCode = "503",
    description =
        "`part-away`, `rolled-back`, `database-away` (retryable): nothing was changed, send it"
            + " again. `earlier-attempt-unknown` (retryable, with an `Idempotency-Key`): this"
            + " request did nothing, an earlier one with the key may have; send it again with the"
            + " same key. `outcome-unknown` (not retryable): ask `Location` first",
    headers = {
      @Header(name = "Retry-After", description = "Seconds"),
      @Header(name = "Location", description = "The limit change, with `outcome-unknown`")
    })
@interface ChangeAnswerDocs {}
