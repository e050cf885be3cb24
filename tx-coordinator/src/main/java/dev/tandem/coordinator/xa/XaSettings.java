package dev.tandem.coordinator.xa;

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
 * @param answerWithin how long a call waits for a transaction's end before it answers how it stands
 * @param participants configured names of those who may take part; by default every part that has
 *     an address in {@code tandem.services}
 */
@ConfigurationProperties("tandem.xa")
record XaSettings(
    @DefaultValue("tandem-tm") String name,
    @DefaultValue("data/xa") Path logFolder,
    @DefaultValue("2s") Duration timeout,
    @DefaultValue("500ms") Duration recoveryDelay,
    @DefaultValue("2s") Duration answerWithin,
    @DefaultValue List<String> participants) {

  CoordinatorName coordinatorName() {
    return new CoordinatorName(name);
  }
}
