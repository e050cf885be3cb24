package dev.tandem.stack.cli;

import dev.tandem.stack.MessageFlow;
import dev.tandem.stack.PartStatus;
import dev.tandem.stack.StackStatus;
import java.io.StringWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The status for scripts: its names and their meaning stay as they are. */
final class StatusJson {
  private StatusJson() {}

  static String of(StackStatus status) {
    var text = new StringWriter();
    try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("state", status.state().name().toLowerCase(Locale.ROOT));
      json.writeStringProperty("mode", status.mode());
      json.writeNumberProperty("inDoubt", status.unsettled().inDoubt());
      json.writeNumberProperty("openActions", status.unsettled().openActions());
      json.writeNumberProperty("failedActions", status.unsettled().failedActions());
      json.writeNumberProperty("anomalies", status.unsettled().anomalies());
      if (status.messages().isKnown()) {
        write(status.messages(), json);
      }
      json.writeArrayPropertyStart("parts");
      status.parts().forEach(part -> write(part, json));
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void write(MessageFlow messages, JsonGenerator json) {
    json.writeObjectPropertyStart("event");
    write("outboxDepth", messages.outboxDepth(), json);
    write("oldestUnpublishedMillis", messages.oldestUnpublishedMillis(), json);
    write("copyAgeMillis", messages.copyAgeMillis(), json);
    write("lagP50Millis", messages.lagP50Millis(), json);
    write("lagP99Millis", messages.lagP99Millis(), json);
    write("deadLetters", messages.deadLetters(), json);
    json.writeEndObject();
  }

  private static void write(String name, @Nullable Long value, JsonGenerator json) {
    if (value != null) {
      json.writeNumberProperty(name, value);
    }
  }

  private static void write(PartStatus part, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("name", part.name());
    var pid = part.pid();
    if (pid != null) {
      json.writeNumberProperty("pid", pid);
    }
    json.writeBooleanProperty("healthy", part.healthy());
    write("url", part.url(), json);
    write("internalUrl", part.internalUrl(), json);
    write("jdbcUrl", part.jdbcUrl(), json);
    write("user", part.user(), json);
    write("password", part.password(), json);
    json.writeEndObject();
  }

  private static void write(String name, @Nullable String value, JsonGenerator json) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }
}
