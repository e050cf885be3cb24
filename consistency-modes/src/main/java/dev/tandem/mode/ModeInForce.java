package dev.tandem.mode;

import dev.tandem.rest.internal.UnusableSetting;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Knows the loaded modes and which of them carries changes now, as far as this process has heard:
 * the truth is in the owner's database, and whoever works in a mode that is not in force any more
 * is told so there ({@link ModeChanged}).
 */
public final class ModeInForce implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(ModeInForce.class);

  private final Map<String, ConsistencyMode> loaded = new TreeMap<>();
  private final ModeSettings settings;
  private final ModeTable table;
  private volatile ConsistencyMode heard;

  /**
   * @throws UnusableSetting if an enabled mode, or the one to begin with, does not exist
   */
  ModeInForce(Collection<ConsistencyMode> modes, ModeSettings settings, ModeTable table) {
    modes.forEach(mode -> loaded.put(mode.name(), mode));
    for (var name : settings.enabled()) {
      if (!loaded.containsKey(name)) {
        throw unknown("tandem.consistency.enabled names '" + name + "'", settings);
      }
    }
    var first = loaded.get(settings.mode());
    if (first == null || !settings.enabled().contains(settings.mode())) {
      throw unknown("tandem.consistency.mode=" + settings.mode(), settings);
    }
    this.heard = first;
    this.settings = settings;
    this.table = table;
  }

  /**
   * Before the first request. Without its database the service starts with the mode of the setting.
   *
   * @throws UnusableSetting if the mode in force is not enabled, or one that has left work behind
   */
  @Override
  public void afterSingletonsInstantiated() {
    try {
      var row = read();
      if (!enabled().contains(row.mode())) {
        throw new UnusableSetting(
            "The mode in force is '%s' (since %s, by %s), but the enabled modes are %s"
                .formatted(row.mode(), row.since(), row.by(), settings.enabled()),
            "Add it to tandem.consistency.enabled, start, and change the mode before you take it"
                + " away again.");
      }
      requireAllThatHaveWork();
      log.info("mode {} is in force, since {}, by {}", row.mode(), row.since(), row.by());
    } catch (DataAccessResourceFailureException away) {
      log.warn("the mode in force cannot be read yet; beginning with {}", heard.name());
    }
  }

  /** Without its room nobody would bring that work to its end, and nobody would notice. */
  private void requireAllThatHaveWork() {
    for (var mode : table.unended()) {
      if (!loaded.containsKey(mode)) {
        throw new UnusableSetting(
            "The mode '%s' has work in this database that is not over, but the enabled modes are %s"
                .formatted(mode, settings.enabled()),
            "Add it to tandem.consistency.enabled, start, and take it away again when nothing is in"
                + " doubt, no action is open and the outbox is empty (./tandem status).");
      }
    }
  }

  /** The mode that carries the next change, unless it has been changed elsewhere just now. */
  public ConsistencyMode current() {
    return heard;
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

  /** The names of the modes that may be put in force. */
  public List<String> enabled() {
    return settings.enabled();
  }

  /** Hears what is in force now, if the database tells it. */
  @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.SECONDS)
  public void refresh() {
    try {
      read();
    } catch (DataAccessException away) {
      log.debug("the mode in force cannot be read: {}", away.getMessage());
    }
  }

  /** The mode in force. One that is not enabled here is not taken: every change is told then. */
  ModeTable.Row read() {
    var row = table.inForce(settings.mode());
    var now = loaded.get(row.mode());
    if (now != null && now != heard && enabled().contains(row.mode())) {
      heard = now;
      log.info("mode {} is in force, since {}, by {}", row.mode(), row.since(), row.by());
    }
    return row;
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
