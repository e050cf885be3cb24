package dev.tandem.coordinator.xa.log;

/**
 * Counters since the log was opened; they only grow.
 *
 * @param forces forced writes of decisions, anomalies and segment heads
 * @param records records written, those carried over into a new segment included
 * @param bytes bytes written, padding included, preallocation not
 * @param segments segments begun
 */
public record LogFigures(long forces, long records, long bytes, long segments) {}
