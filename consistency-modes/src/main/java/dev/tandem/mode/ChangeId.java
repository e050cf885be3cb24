package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one credit-limit change for its whole life, in both services, in every mode. */
public record ChangeId(@JsonValue UUID value) {

  @JsonCreator
  public ChangeId {}

  public static ChangeId random() {
    return new ChangeId(UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
