package dev.tandem.customer.consistency;

import dev.tandem.mode.ModeSwitch;
import dev.tandem.mode.ModeSwitch.State;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the mode in force, at the public door: reading it changes nothing. */
@RestController
class ModeView {

  private final ModeSwitch modes;

  ModeView(ModeSwitch modes) {
    this.modes = modes;
  }

  @GetMapping(ModeChangeApi.PATH)
  State state() {
    return modes.state();
  }
}
