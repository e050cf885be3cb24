package dev.tandem.bench.check;

/**
 * What became of one promise in one mode.
 *
 * @param looked how many were looked at
 * @param wrong how many of them are not as promised; counted also where it was not promised
 * @param first of these, in words; "" if none
 * @param worst of these, in words; "" if none, or if there is no measure of it
 */
public record Verdict(
    String promise, Standing standing, long looked, long wrong, String first, String worst) {

  /** Kept; broken although given; not given by this mode, only measured. */
  public enum Standing {
    KEPT,
    BROKEN,
    NOT_PROMISED
  }

  static Verdict of(String promise, boolean given, Evidence evidence) {
    var standing = evidence.held() ? Standing.KEPT : Standing.BROKEN;
    return new Verdict(
        promise,
        given ? standing : Standing.NOT_PROMISED,
        evidence.looked(),
        evidence.wrong(),
        evidence.first(),
        evidence.worst());
  }
}
