package dev.tandem.bench.report;

import org.jspecify.annotations.Nullable;

/**
 * What a change of a limit costs in one mode: as the protocol says, and as the servers have
 * counted. What was not measured is null.
 *
 * @param predicted the protocol's own numbers
 * @param changes of the windows in which the servers were asked
 * @param httpCalls, databaseForces, coordinatorForces, cpuMillis measured, per change
 * @param lockMillis predicted: for how long a change keeps others of its customer waiting
 * @param measuredLockMillis the same by the owner's database, median of one client's changes
 * @param hottestPerSecond predicted: how many changes of one customer a second that lets through
 * @param measuredHottestPerSecond how many went through, eight clients on one customer
 * @param hottestIntervalMillis from one of these to the next: the lock took that at most
 */
record CostFigures(
    String mode,
    @Nullable Protocol predicted,
    long changes,
    @Nullable Double httpCalls,
    @Nullable Double databaseForces,
    @Nullable Double coordinatorForces,
    @Nullable Double cpuMillis,
    @Nullable Double lockMillis,
    @Nullable Double measuredLockMillis,
    @Nullable Double hottestPerSecond,
    @Nullable Double measuredHottestPerSecond,
    @Nullable Double hottestIntervalMillis) {}
