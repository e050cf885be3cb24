package dev.tandem.mode;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Loads a room only if {@code tandem.consistency.enabled} names its mode. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnMode.Enabled.class)
public @interface ConditionalOnMode {

  /** Name of the mode. */
  String value();

  /** Reads the setting before any bean exists, and without one takes the settings' default. */
  final class Enabled implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      Map<String, ?> attributes =
          Objects.requireNonNull(
              metadata.getAnnotationAttributes(ConditionalOnMode.class.getName()));
      return Binder.get(context.getEnvironment())
          .bindOrCreate(ModeSettings.PREFIX, Bindable.of(ModeSettings.class))
          .enabled()
          .contains(String.valueOf(attributes.get("value")));
    }
  }
}
