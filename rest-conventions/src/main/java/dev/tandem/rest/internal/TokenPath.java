package dev.tandem.rest.internal;

/**
 * A path beside {@code /internal/} that only the system's own parts may use. A bean of this type
 * puts it behind the same door: for a servlet that is not Spring MVC, and so knows no {@link
 * InternalApi}.
 *
 * @param path the servlet's own, for example {@code /lra-coordinator}; everything below it belongs
 *     to it
 */
public record TokenPath(String path) {

  boolean holds(String servletPath) {
    return servletPath.equals(path) || servletPath.startsWith(path + "/");
  }
}
