package dev.tandem.coordinator.lra;

import dev.tandem.coordinator.lra.OpenActions.OpenAction;
import dev.tandem.rest.internal.InternalApi;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an operator asks of the room, as in {@code docs/internal-protocol.md}. */
@RestController
@InternalApi
@RequestMapping("/internal/lra/actions")
class LraController {

  record Actions(List<OpenAction> actions, long open, long failed) {}

  private final OpenActions actions;

  LraController(OpenActions actions) {
    this.actions = actions;
  }

  @GetMapping
  Actions all() {
    var all = actions.all();
    long failed = all.stream().filter(OpenAction::isFailed).count();
    return new Actions(all, all.size() - failed, failed);
  }
}
