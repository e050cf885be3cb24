package dev.tandem.mode.event;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The {@code traceparent} of W3C Trace Context, version 00: by its trace's id, what the copy logs
 * of a change is found again by whoever knows the request that asked for it.
 */
final class Traceparent {

  private static final String HEADER = "traceparent";

  /**
   * Where log lines find the trace's id (pattern {@code %X{traceId}}); tracers use this name too.
   */
  private static final String LOGGED_AS = "traceId";

  /** A later version may have more behind it, and must be read as far as this one goes. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private static final SecureRandom RANDOM = new SecureRandom();

  private Traceparent() {}

  /**
   * What the client of the request in this thread sent; a new one if there is none or it is bad.
   */
  static String ofTheRequest() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
        ? orNew(request.getRequest().getHeader(HEADER))
        : orNew(null);
  }

  /** The given one, if it is valid; else a new one, which nobody records ({@code 00}). */
  static String orNew(@Nullable String sent) {
    var parts = FORM.matcher(sent == null ? "" : sent.strip());
    if (!parts.matches() || (parts.group(1).equals("00") && parts.group(5) != null)) {
      return "00-" + random(16) + "-" + random(8) + "-00";
    }
    return "00-" + parts.group(2) + "-" + parts.group(3) + "-" + flags(parts);
  }

  /** What this thread logs belongs to this trace, until {@link #leave}; to none if it is bad. */
  static void follow(@Nullable String traceparent) {
    var parts = FORM.matcher(traceparent == null ? "" : traceparent);
    if (parts.matches()) {
      MDC.put(LOGGED_AS, parts.group(2));
    }
  }

  static void leave() {
    MDC.remove(LOGGED_AS);
  }

  /** Of a later version's flags only the one that version 00 knows. */
  private static String flags(java.util.regex.Matcher parts) {
    int sampled = Integer.parseInt(parts.group(4), 16) & 1;
    return sampled == 1 ? "01" : "00";
  }

  private static String random(int bytes) {
    var id = new byte[bytes];
    RANDOM.nextBytes(id);
    id[0] |= 1; // all zeros would be no id
    return HexFormat.of().formatHex(id);
  }
}
