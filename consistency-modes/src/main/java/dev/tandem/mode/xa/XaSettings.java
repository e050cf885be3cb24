package dev.tandem.mode.xa;

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
 */
@ConfigurationProperties("tandem.xa")
record XaSettings(
    @DefaultValue("800ms") Duration beginWithin,
    @DefaultValue("1200ms") Duration workWithin,
    @DefaultValue("2s") Duration commitWithin,
    @DefaultValue("8") int branchConnections) {}
