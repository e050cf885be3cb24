package dev.tandem.stack;

import java.io.StringWriter;
import java.util.Optional;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Asks customer-service which mode is in force, and asks it for another one. */
final class ModeDesk {
  private static final String PATH = "/actuator/consistency";

  /** More than the five seconds for which customer-service waits for what is under way. */
  private static final int LIMIT_MILLIS = 15_000;

  private final Service service;
  private final String token;

  ModeDesk(Service service, String token) {
    this.service = service;
    this.token = token;
  }

  /** Empty when customer-service, or its database, does not answer. */
  Optional<ModeReport> report() {
    return Http.get(service.publicUrl() + PATH, token).map(Http.Json::text).map(ModeReport::of);
  }

  /**
   * Puts that mode in force.
   *
   * @param by who wants it
   * @throws StackException if it is refused, or there is no answer
   */
  ModeReport switchTo(String mode, String by) {
    var answer =
        Http.ask(service.internalUrl() + PATH, token, wish(mode, by), LIMIT_MILLIS)
            .orElseThrow(
                () ->
                    new StackException(
                        "customer-service does not answer. ./tandem status shows whether it runs;"
                            + " ./tandem mode shows whether the mode was changed."));
    if (!answer.isOk()) {
      throw new StackException(
          new Http.Json(answer.body())
              .string("detail")
              .orElse("customer-service refuses with " + answer.status() + "."));
    }
    return ModeReport.of(answer.body());
  }

  private static String wish(String mode, String by) {
    var text = new StringWriter();
    try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("mode", mode);
      json.writeStringProperty("by", by);
      json.writeEndObject();
    }
    return text.toString();
  }
}
