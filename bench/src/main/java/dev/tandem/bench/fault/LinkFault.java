package dev.tandem.bench.fault;

import java.time.Duration;

/** Something wrong with the network between two parts. */
record LinkFault(String from, String to, Proxy proxy, LinkState state, Duration delay)
    implements Fault {
  @Override
  public String part() {
    return from + " → " + to;
  }

  @Override
  public Healing strike() {
    proxy.set(state, delay);
    return new Healing() {
      @Override
      public void close() {
        proxy.open();
      }

      @Override
      public String evidence() {
        return proxy.hits() == 0
            ? "the link was so, and nothing was sent through it in this mode"
            : inWords(proxy.hits());
      }
    };
  }

  private String inWords(long hits) {
    return switch (state) {
      case OPEN -> "";
      case SLOW -> hits + " pieces were delayed by " + delay.toMillis() + " ms";
      case CUT -> hits + " connections were reset";
      case HALF_OPEN -> hits + " pieces were swallowed";
      case RESET -> hits + " answers were lost to a reset";
    };
  }
}
