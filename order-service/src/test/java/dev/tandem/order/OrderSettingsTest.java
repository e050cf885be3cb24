package dev.tandem.order;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.rest.internal.UnusableSetting;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "EUR, rpc, allow, tandem.credit-check=rpc",
    "EUR, replica, maybe, tandem.credit.below-exposure=maybe",
    "euro, replica, allow, tandem.currency=euro"
  })
  void aSettingThatIsNotKnownIsNamed(
      String currency, String creditCheck, String belowExposure, String named) {
    var settings =
        new OrderSettings(currency, creditCheck, new OrderSettings.Credit(belowExposure));

    assertThatThrownBy(settings::checked)
        .isInstanceOf(UnusableSetting.class)
        .hasMessageContaining(named);
  }
}
