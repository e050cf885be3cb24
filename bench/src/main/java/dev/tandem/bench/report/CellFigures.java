package dev.tandem.bench.report;

import dev.tandem.bench.history.Operation;

/**
 * One operation in one window of one mode.
 *
 * @param round 0 where all rounds are taken together
 * @param seconds the length of the window, of all of them where rounds are taken together
 */
record CellFigures(
    String mode, int round, String window, Operation operation, double seconds, Answers answers) {

  double okPerSecond() {
    return seconds == 0 ? 0 : answers.ok() / seconds;
  }
}
