package dev.tandem.customer.limitchanges;

import dev.tandem.rest.ApiProblem;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * The condition under which a client wants its change, by RFC 9110: any version, or one of those
 * whose tags it names. The comparison is the strong one, so a weak tag is read and never matches.
 */
record IfMatch(boolean any, Set<Long> versions) {

  static final IfMatch ANY = new IfMatch(true, Set.of());

  /** No limit ever has it: versions count from 1. */
  private static final long NO_VERSION = 0;

  private static final String TAG = "(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\uffff]*\"";
  private static final Pattern TAG_IN_LIST = Pattern.compile("(W/)?\"([^\"]*)\"");
  private static final Pattern LIST =
      Pattern.compile("[ \\t,]*" + TAG + "(?:[ \\t]*,[ \\t,]*" + TAG + ")*[ \\t,]*");
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

  /**
   * Reads the header.
   *
   * @throws ApiProblem 428 without the header, 400 if it is not what RFC 9110 describes
   */
  static IfMatch parse(@Nullable String header) {
    if (header == null) {
      throw ApiProblem.of(
          HttpStatus.PRECONDITION_REQUIRED,
          "precondition-required",
          "Send If-Match with the ETag of the limit that you saw, or * to replace any.");
    }
    if (header.strip().equals("*")) {
      return ANY;
    }
    if (!LIST.matcher(header).matches()) {
      throw ApiProblem.badField(
          HttpHeaders.IF_MATCH, "must be * or a list of entity tags, for example \"3\"");
    }
    return new IfMatch(false, strongVersions(header));
  }

  /**
   * The one version that the limit must have when the change takes place; null for any.
   *
   * @param now reads the limit's version; asked only where the client named several
   */
  @Nullable Long expected(LongSupplier now) {
    if (any) {
      return null;
    }
    if (versions.size() == 1) {
      return versions.iterator().next();
    }
    long current = versions.isEmpty() ? NO_VERSION : now.getAsLong();
    return versions.contains(current) ? current : NO_VERSION;
  }

  private static Set<Long> strongVersions(String header) {
    var versions = new LinkedHashSet<Long>();
    var tags = TAG_IN_LIST.matcher(header);
    while (tags.find()) {
      if (tags.group(1) == null && VERSION.matcher(tags.group(2)).matches()) {
        versions.add(Long.valueOf(tags.group(2)));
      }
    }
    return versions;
  }
}
