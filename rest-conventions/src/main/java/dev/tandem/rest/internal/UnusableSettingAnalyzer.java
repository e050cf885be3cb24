package dev.tandem.rest.internal;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

class UnusableSettingAnalyzer extends AbstractFailureAnalyzer<UnusableSetting> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnusableSetting setting) {
    return new FailureAnalysis(String.valueOf(setting.getMessage()), setting.cure(), setting);
  }
}
