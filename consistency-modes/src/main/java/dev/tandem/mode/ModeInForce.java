package dev.tandem.mode;

import dev.tandem.rest.internal.UnusableSetting;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Knows the loaded modes and which of them carries changes now. */
public final class ModeInForce {

  private final Map<String, ConsistencyMode> loaded = new TreeMap<>();
  private final ConsistencyMode inForce;

  /**
   * @throws UnusableSetting if an enabled mode, or the one in force, does not exist
   */
  public ModeInForce(Collection<ConsistencyMode> modes, ModeSettings settings) {
    modes.forEach(mode -> loaded.put(mode.name(), mode));
    for (var name : settings.enabled()) {
      if (!loaded.containsKey(name)) {
        throw unknown("tandem.consistency.enabled names '" + name + "'", settings);
      }
    }
    var chosen = loaded.get(settings.mode());
    if (chosen == null) {
      throw unknown("tandem.consistency.mode=" + settings.mode(), settings);
    }
    this.inForce = chosen;
  }

  /** The mode that carries the next change. */
  public ConsistencyMode current() {
    return inForce;
  }

  /** The mode of that name, for the end of a change that another mode began; null if not loaded. */
  public @Nullable ConsistencyMode byName(String name) {
    return loaded.get(name);
  }

  /** {@link ConsistencyMode#followsByItself} of that mode; false if it is not loaded. */
  public boolean followsByItself(@Nullable String name) {
    var mode = name == null ? null : loaded.get(name);
    return mode != null && mode.followsByItself();
  }

  private UnusableSetting unknown(String what, ModeSettings settings) {
    return new UnusableSetting(
        what
            + ", but the enabled modes are "
            + settings.enabled()
            + " and loaded are "
            + loaded.keySet(),
        "Choose one of the enabled modes, or add it to tandem.consistency.enabled (known modes: xa,"
            + " lra, event, besteffort; besteffort keeps no promise and is for measuring only).");
  }
}
