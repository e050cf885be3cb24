package dev.tandem.mode.lra;

import dev.tandem.rest.internal.UnusableSetting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The room's limits. The sum of start, work and end bounds how long a client waits for an answer
 * when a part is away.
 *
 * @param timeLimit after which the coordinator cancels an action that nobody has ended; 1 s to 1
 *     min. customer-service decides to close only in its first half
 * @param startWithin how long the coordinator may take to start an action
 * @param joinWithin how long it may take to let order-service join; less than {@code workWithin}
 * @param workWithin how long order-service may take to join and to do its part of the work
 * @param endWithin how long the coordinator may take to end an action before the client is told
 *     that the outcome is open
 */
@ConfigurationProperties("tandem.lra")
record LraSettings(
    @DefaultValue("4s") Duration timeLimit,
    @DefaultValue("600ms") Duration startWithin,
    @DefaultValue("600ms") Duration joinWithin,
    @DefaultValue("1s") Duration workWithin,
    @DefaultValue("1200ms") Duration endWithin) {

  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  LraSettings {
    require(
        timeLimit.compareTo(SHORTEST) >= 0 && timeLimit.compareTo(LONGEST) <= 0,
        "tandem.lra.time-limit is " + timeLimit.toMillis() + "ms",
        "Set it to something between 1s and 60s; 4s is the default.");
    requirePositive("start-within", startWithin);
    requirePositive("join-within", joinWithin);
    requirePositive("work-within", workWithin);
    requirePositive("end-within", endWithin);
    require(
        joinWithin.compareTo(workWithin) < 0,
        "tandem.lra.join-within is not less than tandem.lra.work-within",
        "order-service joins and works within tandem.lra.work-within: leave it time to work.");
  }

  private static void requirePositive(String name, Duration duration) {
    require(
        duration.toMillis() > 0,
        "tandem.lra." + name + " is " + duration.toMillis() + "ms",
        "Set it to more than 0ms, for example 1s.");
  }

  private static void require(boolean usable, String what, String cure) {
    if (!usable) {
      throw new UnusableSetting(what, cure);
    }
  }
}
