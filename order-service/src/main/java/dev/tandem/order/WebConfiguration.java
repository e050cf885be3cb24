package dev.tandem.order;

import java.util.UUID;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Strict reading of paths and queries: an empty filter is a wrong one, not none. */
@Configuration
class WebConfiguration implements WebMvcConfigurer {

  private static final int UUID_LENGTH = 36;

  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverter(String.class, UUID.class, WebConfiguration::uuid);
    registry.addConverter(String.class, OrderState.class, OrderState::valueOf);
  }

  /** UUID.fromString also takes {@code 1-1-1-1-1}. */
  private static UUID uuid(String text) {
    if (text.length() != UUID_LENGTH) {
      throw new IllegalArgumentException("not a UUID: " + text);
    }
    return UUID.fromString(text);
  }
}
