package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.rest.internal.UnusableSetting;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "EUR, rpc, allow, , approve, tandem.credit-check=rpc",
    "EUR, replica, maybe, , approve, tandem.credit.below-exposure=maybe",
    "euro, replica, allow, , approve, tandem.currency=euro",
    "EUR, replica, allow, PT2S, REJECT, tandem.credit.on-stale=REJECT",
    "EUR, replica, allow, PT2S, later, tandem.credit.on-stale=later",
    "EUR, replica, allow, PT0S, ask, tandem.credit.max-limit-age",
    "EUR, replica, allow, PT-1S, ask, tandem.credit.max-limit-age",
    "EUR, replica, allow, , reject, tandem.credit.on-stale=reject has no effect"
  })
  void aSettingThatCannotBeUsedIsNamed(
      String currency,
      String creditCheck,
      String belowExposure,
      Duration maxLimitAge,
      String onStale,
      String named) {
    var credit = new OrderSettings.Credit(belowExposure, maxLimitAge, onStale);
    var settings = new OrderSettings(currency, creditCheck, credit);

    assertThatThrownBy(settings::checked)
        .isInstanceOf(UnusableSetting.class)
        .hasMessageContaining(named);
  }
}
