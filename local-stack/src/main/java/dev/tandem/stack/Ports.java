package dev.tandem.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Chooses free ports and finds out which are taken, on the loopback address. */
final class Ports {
  /** Below the ports that systems give to outgoing calls: else one may sit on a killed part's. */
  private static final int LOWEST = 15_000;

  private static final int BEYOND = 32_000;

  /** Also those whose part is dead or not started yet: it comes back to its port. */
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /**
   * A different free port for each variable, and none that this process has given before. Free now:
   * nobody can promise it for later.
   */
  static synchronized Map<String, String> choose(Collection<String> variables) {
    var free =
        new SplittableRandom()
            .ints(LOWEST, BEYOND)
            .distinct()
            .filter(port -> !GIVEN.contains(port) && !isTaken(port))
            .limit(variables.size())
            .peek(GIVEN::add)
            .iterator();
    return variables.stream()
        .collect(Collectors.toMap(variable -> variable, any -> Integer.toString(free.nextInt())));
  }

  /**
   * Refuses, with a sentence that names port, part and setting, when one is taken or given twice.
   */
  static void mustBeFree(Collection<PartPort> ports) {
    var seen = new LinkedHashMap<Integer, PartPort>();
    for (var port : ports) {
      var other = seen.put(port.port(), port);
      if (other != null) {
        throw new StackException(
            "Port %d is given to both %s and %s: change %s or %s."
                .formatted(
                    port.port(), other.part(), port.part(), other.variable(), port.variable()));
      }
      if (isTaken(port.port())) {
        throw new StackException(
            "Port %d of %s is taken by another program: end that, or set %s to another port (TANDEM_PORTS=free finds free ones)."
                .formatted(port.port(), port.part(), port.variable()));
      }
    }
  }

  private static boolean isTaken(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return false;
    } catch (IOException taken) {
      return true;
    }
  }
}
