package dev.tandem.bench.load;

/** Where in a run something belongs. */
public record Place(int round, String window) {}
