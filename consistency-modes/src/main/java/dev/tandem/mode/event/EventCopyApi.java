package dev.tandem.mode.event;

import dev.tandem.mode.CopyLanes;
import dev.tandem.rest.ApiProblem;
import dev.tandem.rest.internal.InternalApi;
import jakarta.jms.JMSRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells whoever watches over the system how far the copy is, and what could not be taken. */
@InternalApi
@RestController
@RequestMapping("/internal/event")
class EventCopyApi {

  /**
   * How far the copy is.
   *
   * @param copyAgeMillis of the oldest lane; null if one has never been heard of
   * @param deadLetters null while the broker is away
   * @param broker {@code up} or {@code away}
   */
  record LanesView(
      @Nullable Long copyAgeMillis,
      List<LaneView> lanes,
      LagView lag,
      @Nullable Integer deadLetters,
      String broker) {}

  /**
   * One lane.
   *
   * @param held why its messages are held; null if they are not
   */
  record LaneView(int lane, @Nullable Long ageMillis, @Nullable String held) {}

  /** From the owner's writing to the commit here; null if nothing was taken lately. */
  record LagView(long count, @Nullable Double p50Millis, @Nullable Double p99Millis) {}

  /**
   * @param id of the letter to send back; null for all
   */
  record Redrive(@Nullable String id) {}

  private final CopyLanes copyLanes;
  private final EventParticipation participation;
  private final CopyMeters meters;
  private final DeadLetters deadLetters;

  EventCopyApi(
      CopyLanes copyLanes,
      EventParticipation participation,
      CopyMeters meters,
      DeadLetters deadLetters) {
    this.copyLanes = copyLanes;
    this.participation = participation;
    this.meters = meters;
    this.deadLetters = deadLetters;
  }

  @GetMapping("/lanes")
  LanesView lanes() {
    var lanes = copyLanes.lanes();
    var age = CopyLanes.ageOf(lanes);
    var dead = deadLetters.count();
    return new LanesView(
        age.map(Duration::toMillis).orElse(null),
        lanes.stream().map(this::view).toList(),
        view(meters.lag()),
        dead.isPresent() ? dead.getAsInt() : null,
        dead.isPresent() ? "up" : "away");
  }

  private LaneView view(CopyLanes.Lane lane) {
    var age = lane.age();
    return new LaneView(
        lane.lane(), age == null ? null : age.toMillis(), participation.heldIn(lane.lane()));
  }

  private static LagView view(CopyMeters.Lag lag) {
    return new LagView(lag.count(), number(lag.p50Millis()), number(lag.p99Millis()));
  }

  private static @Nullable Double number(double millis) {
    return Double.isNaN(millis) || millis == 0 ? null : millis;
  }

  @GetMapping("/dead-letters")
  Map<String, List<DeadLetters.DeadLetter>> deadLetters() {
    return Map.of("deadLetters", withBroker(deadLetters::oldest));
  }

  /** Sends one letter or all back to their lanes. What cannot be taken there comes back here. */
  @PostMapping("/dead-letters/redrive")
  Map<String, Integer> redrive(@RequestBody(required = false) @Nullable Redrive redrive) {
    var id = redrive == null ? null : redrive.id();
    int redriven = withBroker(() -> deadLetters.redrive(id));
    if (id != null && redriven == 0) {
      throw ApiProblem.of(
          HttpStatus.NOT_FOUND,
          "unknown-dead-letter",
          "There is no dead letter " + id + " that came from a lane.");
    }
    return Map.of("redriven", redriven);
  }

  private static <T> T withBroker(Supplier<T> work) {
    try {
      return work.get();
    } catch (JMSRuntimeException away) {
      throw ApiProblem.tryAgain(
          "broker-away", "The broker does not answer: nothing was done.", Duration.ofSeconds(1));
    }
  }
}
