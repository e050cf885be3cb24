package dev.tandem.mode.event;

import dev.tandem.rest.internal.InternalApi;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells whoever watches over the system what waits for the broker, and who takes it there. */
@InternalApi
@RestController
class OutboxApi {

  /**
   * How the outbox stands.
   *
   * @param relay {@code here}, {@code elsewhere} (another instance) or {@code nowhere}
   * @param broker {@code up} or {@code away}, as this instance sees it
   * @param fullLanes the lanes whose queues have refused what this instance sent, for want of room,
   *     and have not yet taken as much at once as others do
   * @param published by this instance since its start, repeats included
   */
  record OutboxView(
      long depth,
      long oldestUnpublishedMillis,
      String relay,
      String broker,
      List<Integer> fullLanes,
      long published) {}

  private final Outbox outbox;
  private final Relay relay;

  OutboxApi(Outbox outbox, Relay relay) {
    this.outbox = outbox;
    this.relay = relay;
  }

  @GetMapping("/internal/event/outbox")
  OutboxView outbox() {
    var state = outbox.state();
    return new OutboxView(
        state.depth(),
        state.oldest().toMillis(),
        relay.isLeading() ? "here" : state.relayed() ? "elsewhere" : "nowhere",
        relay.isBrokerUp() ? "up" : "away",
        relay.fullLanes(),
        relay.published());
  }
}
