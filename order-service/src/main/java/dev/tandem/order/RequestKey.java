package dev.tandem.order;

import dev.tandem.rest.ApiProblem;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * An {@code Idempotency-Key} and what it stands for: the same key may come again with the same
 * request, but not with another one.
 *
 * @param fingerprint SHA-256 of method, path and the meaning of the body, so that {@code 5} and
 *     {@code "5.00"} are the same order
 */
record RequestKey(String key, String fingerprint) {

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]{1,200}");

  /**
   * @param header as the client sent it, or null
   * @throws ApiProblem 400 if it is not 1 to 200 visible ASCII characters
   */
  static @Nullable RequestKey ofPlacing(
      @Nullable String header, UUID customer, BigDecimal total, String currency) {
    if (header == null) {
      return null;
    }
    if (!VISIBLE_ASCII.matcher(header).matches()) {
      throw ApiProblem.badField(
          "Idempotency-Key", "must be 1 to 200 visible ASCII characters without spaces");
    }
    return new RequestKey(
        header, sha256("POST /orders\n%s\n%s %s".formatted(customer, total, currency)));
  }

  /**
   * Answers a repeated request with the order that the first one made.
   *
   * @throws ApiProblem 422 if the first one asked for something else
   */
  Order sameAnswer(Order first) {
    if (!fingerprint.equals(first.fingerprint())) {
      throw ApiProblem.of(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "idempotency-key-reused",
          "Idempotency-Key '" + key + "' was used before, for another order: use a new key.");
    }
    return first.asPlaced();
  }

  private static String sha256(String request) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(request.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
