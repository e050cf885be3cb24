package dev.tandem.customer.idempotency;

import dev.tandem.rest.ApiProblem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A client's name for one wish, however often it is sent.
 *
 * @param text what the client chose
 * @param fingerprint of the request that it stands for: the same key with another request is a
 *     mistake of the client's
 */
public record IdempotencyKey(String text, String fingerprint) {

  /** The request header. */
  public static final String HEADER = "Idempotency-Key";

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]{1,200}");

  /**
   * Reads the header.
   *
   * @param request all that makes two requests the same one: method, path, conditions, body
   * @throws ApiProblem 400 if it is not 1 to 200 visible ASCII characters
   */
  public static IdempotencyKey of(String header, List<String> request) {
    if (!VISIBLE_ASCII.matcher(header).matches()) {
      throw ApiProblem.badField(HEADER, "must be 1 to 200 visible ASCII characters");
    }
    return new IdempotencyKey(header, fingerprint(request));
  }

  private static String fingerprint(List<String> request) {
    var digest = sha256();
    for (var part : request) {
      // the length first: ["ab","c"] is another request than ["a","bc"]
      digest.update((part.length() + ":" + part).getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
