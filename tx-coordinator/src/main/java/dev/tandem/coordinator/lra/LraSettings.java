package dev.tandem.coordinator.lra;

import dev.tandem.rest.internal.UnusableSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The coordinator of Long Running Actions.
 *
 * @param storeFolder where open actions are kept; one folder per process, kept as long as the
 *     databases. By default it lies beside {@code tandem.xa.log-folder}
 * @param recoveryPeriod pause between two passes over the actions whose end is not yet delivered
 * @param participants configured names of those who may join; their addresses are in {@code
 *     tandem.services}
 * @param recoveryModule class of the recovery module; Narayana's own only to find out whether a
 *     later version of it can do without ours
 */
@ConfigurationProperties("tandem.lra")
record LraSettings(
    @DefaultValue("data/lra") Path storeFolder,
    @DefaultValue("1s") Duration recoveryPeriod,
    @DefaultValue({"customer-service", "order-service"}) List<String> participants,
    @DefaultValue("dev.tandem.coordinator.lra.LraRecovery") String recoveryModule) {

  LraSettings {
    storeFolder = storeFolder.toAbsolutePath().normalize(); // its default goes up a folder
    if (recoveryPeriod.isNegative() || recoveryPeriod.isZero()) {
      throw new UnusableSetting(
          "tandem.lra.recovery-period is " + recoveryPeriod,
          "Set it to a positive duration, for example 1s.");
    }
    if (participants.isEmpty()) {
      throw new UnusableSetting(
          "tandem.lra.participants is empty",
          "Name those who may join, for example customer-service,order-service.");
    }
  }
}
