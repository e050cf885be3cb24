package dev.tandem.mode.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.rest.internal.UnusableSetting;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EventSettingsTest {

  @Test
  void withoutAnySettingTheDefaultsAreUsable() {
    var settings = bind(Map.of());
    assertThat(settings.lanes()).isEqualTo(8);
    assertThat(settings.broker().url()).isEqualTo("tcp://127.0.0.1:61616");
    assertThat(settings.broker().user()).isNull();
  }

  @Test
  void thePasswordIsNotPrinted() {
    var settings = bind(Map.of("tandem.event.broker.password", "a secret"));
    assertThat(settings.broker().password()).isEqualTo("a secret");
    assertThat(settings.toString()).doesNotContain("a secret");
  }

  @ParameterizedTest
  @CsvSource({
    "lanes, 0, tandem.event.lanes is 0",
    "lanes, 65, tandem.event.lanes is 65",
    "batch, 0, tandem.event.batch is 0",
    "poll, 0ms, tandem.event.poll is 0ms",
    "heartbeat, -1s, tandem.event.heartbeat is -1000ms",
    "broker.url, '', tandem.event.broker.url is empty"
  })
  void whatIsUnusableIsNamedWithItsCure(String name, String value, String what) {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bind(Map.of("tandem.event." + name, value)))
        .havingRootCause()
        .isInstanceOfSatisfying(
            UnusableSetting.class, unusable -> assertThat(unusable.cure()).startsWith("Set it"))
        .withMessage(what);
  }

  private static EventSettings bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("tandem.event", EventSettings.class);
  }
}
