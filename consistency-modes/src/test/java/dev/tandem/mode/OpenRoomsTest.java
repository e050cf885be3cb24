package dev.tandem.mode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Which rooms are loaded. */
class OpenRoomsTest {

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withUserConfiguration(
              Settings.class, Xa.class, Lra.class, Event.class, BestEffort.class);

  @EnableConfigurationProperties(ModeSettings.class)
  static class Settings {}

  @ConditionalOnMode("xa")
  static class Xa {}

  @ConditionalOnMode("lra")
  static class Lra {}

  @ConditionalOnMode("event")
  static class Event {}

  @ConditionalOnMode("besteffort")
  static class BestEffort {}

  @Test
  void whereNothingIsSetEveryModeIsOpenButTheOneThatBreaksItsPromises() {
    service.run(
        context -> {
          assertThat(rooms(context)).containsExactlyInAnyOrder(Xa.class, Lra.class, Event.class);
          assertThat(context.getBean(ModeSettings.class).enabled())
              .containsExactly("xa", "lra", "event");
        });
  }

  @Test
  void besteffortIsOpenWhereSomebodyWritesItAndOthersAreNot() {
    service
        .withPropertyValues("tandem.consistency.enabled=besteffort")
        .run(context -> assertThat(rooms(context)).containsExactly(BestEffort.class));
  }

  private static Stream<Class<?>> rooms(ApplicationContext context) {
    return Stream.<Class<?>>of(Xa.class, Lra.class, Event.class, BestEffort.class)
        .filter(room -> context.getBeanNamesForType(room).length > 0);
  }
}
