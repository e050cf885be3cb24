package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The lanes whose queues have refused what was sent, for want of room. Each is left alone for a
 * while, longer each time, and then tried with half as much: a queue that is nearly full may have
 * room for that. The relay's thread changes it, others may look.
 */
final class FullLanes {

  /** How a full lane stands: how many rows are tried at once, when, and how long it waits then. */
  private record Full(int atOnce, long untilNanos, Duration pause) {

    boolean rests() {
      return untilNanos - System.nanoTime() > 0;
    }
  }

  private final Map<Integer, Full> full = new ConcurrentHashMap<>();
  private final Lanes lanes;
  private final int mostAtOnce;
  private final Audience audience;

  FullLanes(Lanes lanes, int mostAtOnce, Audience audience) {
    this.lanes = lanes;
    this.mostAtOnce = mostAtOnce;
    this.audience = audience;
  }

  /** The lanes that have refused something, and have not yet taken as much at once as others do. */
  List<Integer> all() {
    return full.keySet().stream().sorted().toList();
  }

  /** The lanes to try now, in a set of the caller's own. */
  Set<Integer> open() {
    return lanes
        .all()
        .boxed()
        .filter(lane -> !rests(lane))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private boolean rests(int lane) {
    var state = full.get(lane);
    return state != null && state.rests();
  }

  /** The first of the lane's rows, as many as are to be tried now. */
  <T> List<T> first(int lane, List<T> rows) {
    var state = full.get(lane);
    return state == null || rows.size() <= state.atOnce ? rows : rows.subList(0, state.atOnce);
  }

  /** The lane had no room for so many. */
  void refused(int lane, int rows) {
    var before = full.get(lane);
    var pause = before == null ? Pauses.FIRST : before.pause;
    full.put(
        lane,
        new Full(Math.max(1, rows / 2), System.nanoTime() + pause.toNanos(), Pauses.after(pause)));
    if (before == null) {
      audience.turned(EventMode.NAME, "lane " + lane + " is full, its changes wait");
    }
  }

  /** The lane has taken what was sent. */
  void accepted(int lane) {
    var state = full.get(lane);
    if (state == null) {
      return;
    }
    if (2 * state.atOnce < mostAtOnce) {
      full.put(lane, new Full(2 * state.atOnce, state.untilNanos, Pauses.FIRST));
    } else {
      full.remove(lane);
      audience.turned(EventMode.NAME, "lane " + lane + " has room again");
    }
  }

  /** How long there is nothing to try, at most so long. */
  Duration rest(Duration atMost) {
    long nanos = atMost.toNanos();
    for (var state : full.values()) {
      if (state.rests()) {
        nanos = Math.min(nanos, Math.max(1, state.untilNanos - System.nanoTime()));
      }
    }
    return Duration.ofNanos(nanos);
  }
}
