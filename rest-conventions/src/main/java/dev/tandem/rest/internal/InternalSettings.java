package dev.tandem.rest.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The internal listener.
 *
 * @param port where the system's own parts call; equal to {@code server.port} where a part has no
 *     public API
 * @param address what it binds to; anything but a loopback address opens the participant's verbs to
 *     the network
 * @param token the service token that every internal call carries, at least 16 characters; the same
 *     in all parts of one installation
 */
@ConfigurationProperties("tandem.internal")
record InternalSettings(
    int port, @DefaultValue("127.0.0.1") String address, @Nullable String token) {

  static final int SHORTEST_TOKEN = 16;

  String requiredToken() {
    if (token == null || token.length() < SHORTEST_TOKEN) {
      throw new UnusableSetting(
          "tandem.internal.token is " + (token == null ? "not set" : "too short"),
          "Set it (environment: TANDEM_INTERNAL_TOKEN) to a secret of at least "
              + SHORTEST_TOKEN
              + " characters, the same in all parts of this installation. Without it anyone who"
              + " reaches "
              + address
              + ":"
              + port
              + " could commit or roll back other people's transactions.");
    }
    if (!token.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
      throw new UnusableSetting(
          "tandem.internal.token has letters that a header cannot carry",
          "Use letters, digits and signs of ASCII only, no spaces.");
    }
    return token;
  }
}
