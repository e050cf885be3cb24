package dev.tandem.coordinator.xa;

import dev.tandem.coordinator.xa.log.LogUnusable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends the start with the log's own sentence instead of a stack trace. */
class LogUnusableAnalyzer extends AbstractFailureAnalyzer<LogUnusable> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, LogUnusable unusable) {
    return new FailureAnalysis(
        String.valueOf(unusable.getMessage()),
        "The folder is set by tandem.xa.log-folder; each coordinator needs one of its own.",
        unusable);
  }
}
