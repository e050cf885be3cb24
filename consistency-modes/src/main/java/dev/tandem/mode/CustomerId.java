package dev.tandem.mode;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names a customer in both services. */
public record CustomerId(@JsonValue UUID value) {

  @JsonCreator
  public CustomerId {}

  public static CustomerId random() {
    return new CustomerId(UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
