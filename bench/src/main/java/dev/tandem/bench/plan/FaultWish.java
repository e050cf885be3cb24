package dev.tandem.bench.plan;

import java.time.Duration;

/**
 * A fault as a plan asks for it.
 *
 * @param kind what is done
 * @param part what is hit, or ""
 * @param from the link's side that calls, or ""
 * @param to the link's side that is called, or ""
 * @param delay of a slow link, each way; zero for others
 */
public record FaultWish(FaultKind kind, String part, String from, String to, Duration delay) {

  /** Whether it needs a proxy between two parts. */
  public boolean isOfALink() {
    return !from.isEmpty();
  }
}
