package dev.tandem.coordinator.xa;

import dev.tandem.rest.internal.UnusableSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The coordinator.
 *
 * @param name what all transaction ids begin with: stable, unique per installation, of {@code
 *     [a-z0-9-]}, ending in a non-digit, and never the beginning of another coordinator's name
 * @param logFolder where decisions are kept; one folder per process, kept as long as the databases
 * @param timeout how long a transaction lives before it is rolled back
 * @param recoveryDelay pause between two scans of the participants
 * @param answerWithin how long a call waits for a transaction's end before it answers how it
 *     stands; well below the 2 s for which customer-service waits ({@code tandem.xa.commit-within}
 *     there), or the caller is gone before it hears "decided"
 * @param participants configured names of those who may take part; their addresses are in {@code
 *     tandem.services}
 */
@ConfigurationProperties("tandem.xa")
record XaSettings(
    @DefaultValue("tandem-tm") String name,
    @DefaultValue("data/xa") Path logFolder,
    @DefaultValue("2s") Duration timeout,
    @DefaultValue("500ms") Duration recoveryDelay,
    @DefaultValue("1500ms") Duration answerWithin,
    @DefaultValue({"customer-service", "order-service"}) List<String> participants) {

  /** Atomikos' {@code max_timeout}: it cuts off what is longer. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  XaSettings {
    requirePositive("timeout", timeout);
    requirePositive("recovery-delay", recoveryDelay);
    requirePositive("answer-within", answerWithin);
    if (timeout.plus(answerWithin).compareTo(LONGEST) > 0) {
      throw new UnusableSetting(
          "tandem.xa.timeout and tandem.xa.answer-within are more than 10s together",
          "A transaction holds locks while it lives: use seconds, for example 2s each.");
    }
    if (participants.isEmpty()) {
      throw new UnusableSetting(
          "tandem.xa.participants is empty",
          "Name those who may take part, for example customer-service,order-service.");
    }
  }

  private static void requirePositive(String setting, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new UnusableSetting(
          "tandem.xa." + setting + " is " + value,
          "Set it to a positive duration, for example 2s.");
    }
  }

  CoordinatorName coordinatorName() {
    return new CoordinatorName(name);
  }
}
