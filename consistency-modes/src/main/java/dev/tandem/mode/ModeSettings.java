package dev.tandem.mode;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which rooms are open, and which one carries changes.
 *
 * @param mode name of the mode to begin with, at the first start of all; must be one of {@code
 *     enabled}. Afterwards the one in the owner's database is in force
 * @param enabled names of the modes that are loaded. {@code besteffort} is only here if somebody
 *     writes it: it breaks its promises on purpose
 * @param switchWithin how long a change of the mode waits for what is under way, in doubt or open
 */
@ConfigurationProperties(ModeSettings.PREFIX)
public record ModeSettings(
    @DefaultValue("xa") String mode,
    @DefaultValue({"xa", "lra", "event"}) List<String> enabled,
    @DefaultValue("5s") Duration switchWithin) {

  static final String PREFIX = "tandem.consistency";
}
