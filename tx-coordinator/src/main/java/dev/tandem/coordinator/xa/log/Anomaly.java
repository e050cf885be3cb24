package dev.tandem.coordinator.xa.log;

import java.time.Instant;

/**
 * Something that contradicts a decision, for a human to look at.
 *
 * @param what a sentence: what was found
 */
public record Anomaly(
    String transaction, String participant, String branch, String what, Instant at) {}
