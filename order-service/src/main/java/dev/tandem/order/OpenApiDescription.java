package dev.tandem.order;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI page says beside the single calls: the problems that they can answer. */
@Configuration
class OpenApiDescription {

  private static final String RETRY = " Retryable: nothing was done; see Retry-After.";

  @Bean
  OpenAPI orderServiceApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("order-service")
                .version("v1")
                .description(
                    "Owns the orders and never approves one that the credit limit does not cover."
                        + " Amounts are decimal strings with a currency. Every answer that is not a"
                        + " success is application/problem+json with a stable code."))
        .components(
            new Components()
                .addSchemas("Problem", problem())
                .addResponses(
                    "BadRequest",
                    answer("invalid-request, malformed-json: errors[] names each wrong field"))
                .addResponses("BodyTooLarge", answer("body-too-large: over 64 KiB"))
                .addResponses("NotJson", answer("unsupported-media-type: send application/json"))
                .addResponses(
                    "KeyReused",
                    answer("idempotency-key-reused: the key stood for another request before"))
                .addResponses(
                    "NotPlaced",
                    answer(
                        "limit-in-doubt: the customer's credit account is locked by a limit change"
                            + " whose outcome is open, or overcrowded, answered within a second;"
                            + " customer-not-yet-here: the customer exists but its limit has not"
                            + " arrived here; part-away: the customer is unknown here and"
                            + " customer-service does not answer; limit-too-old: the copy is older than"
                            + " tandem.credit.max-limit-age, and customer-service, which was to be"
                            + " asked, does not answer; database-away."
                            + RETRY
                            + " The exception is outcome-unknown (not retryable): the database broke"
                            + " off while it stored an order that had no Idempotency-Key."))
                .addResponses(
                    "NotCancelled",
                    answer("limit-in-doubt, as for placing an order; database-away." + RETRY))
                .addResponses("DatabaseAway", answer("database-away." + RETRY))
                .addResponses("UnknownOrder", answer("unknown-order"))
                .addResponses(
                    "NotCancellable", answer("order-not-cancellable: the order was rejected"))
                .addResponses(
                    "NoCopy",
                    answer(
                        "unknown-customer: this copy has no limit for the customer. There is none, or"
                            + " it has not arrived here yet.")));
  }

  private static ApiResponse answer(String description) {
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType(
                    "application/problem+json",
                    new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
  }

  private static Schema<?> problem() {
    return new ObjectSchema()
        .description("RFC 9457")
        .addProperty("type", new StringSchema().format("uri"))
        .addProperty("title", new StringSchema())
        .addProperty("status", new IntegerSchema())
        .addProperty("detail", new StringSchema().description("A sentence for people"))
        .addProperty("instance", new StringSchema().format("uri"))
        .addProperty("code", new StringSchema().description("Stable name for programs"))
        .addProperty(
            "retryable",
            new BooleanSchema().description("The same request may be sent again: nothing was done"))
        .addProperty(
            "errors",
            new ArraySchema()
                .items(
                    new ObjectSchema()
                        .addProperty("field", new StringSchema())
                        .addProperty("message", new StringSchema())));
  }
}
