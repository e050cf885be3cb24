package dev.tandem.mode.xa;

import dev.tandem.rest.internal.UnusableSetting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The room's limits. Their sum bounds how long a client waits for an answer when a part is away.
 *
 * @param beginWithin how long the coordinator may take to begin a transaction
 * @param workWithin how long order-service may take for its part of the work
 * @param commitWithin how long the coordinator may take to answer a commit; it answers "decided" by
 *     itself before that
 * @param branchConnections size of the pool for phase two
 * @param changesAtOnce how many changes may hold a connection of the owner's pool at a time; well
 *     below that pool's size, so that reads and answers to other parts always find one, also while
 *     tx-coordinator is frozen
 */
@ConfigurationProperties("tandem.xa")
record XaSettings(
    @DefaultValue("800ms") Duration beginWithin,
    @DefaultValue("1200ms") Duration workWithin,
    @DefaultValue("2s") Duration commitWithin,
    @DefaultValue("8") int branchConnections,
    @DefaultValue("14") int changesAtOnce) {

  XaSettings {
    if (changesAtOnce < 1) {
      throw new UnusableSetting(
          "tandem.xa.changes-at-once is " + changesAtOnce,
          "Set it to a few less than spring.datasource.hikari.maximum-pool-size, for example 14 of"
              + " 20.");
    }
  }
}
