package dev.tandem.mode;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which rooms are open, and which one carries changes.
 *
 * @param mode name of the mode in force at the start; must be one of {@code enabled}
 * @param enabled names of the modes that are loaded. {@code besteffort} is only here if somebody
 *     writes it: it breaks its promises on purpose
 */
@ConfigurationProperties("tandem.consistency")
public record ModeSettings(
    @DefaultValue("xa") String mode, @DefaultValue({"xa", "lra", "event"}) List<String> enabled) {}
