package dev.tandem.stack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A message broker that somebody else runs: used, and never started or ended. */
record ExternalBroker(String name, BrokerAccess access) implements Part {
  private static final Pattern FIRST_ADDRESS = Pattern.compile("tcp://([^:/?,)]+):(\\d{1,5})");
  private static final int LIMIT_MILLIS = 2000;

  ExternalBroker {
    if (!address(access).find()) {
      throw new StackException(
          StackSettings.variable(name, "URL") + " is not like tcp://host:61616: " + access.url());
    }
  }

  /** Whether anybody takes connections there; whether they let us in, the services find out. */
  @Override
  public boolean isHealthy() {
    var address = address(access);
    if (!address.find()) {
      return false;
    }
    try (var socket = new Socket()) {
      var port = Integer.parseInt(address.group(2));
      socket.connect(new InetSocketAddress(address.group(1), port), LIMIT_MILLIS);
      return true;
    } catch (IOException | IllegalArgumentException away) {
      return false;
    }
  }

  @Override
  public PartStatus status(@Nullable Long pid, boolean healthy) {
    return new PartStatus(
        name, null, healthy, access.url(), null, null, access.user(), access.password(), true);
  }

  private static Matcher address(BrokerAccess access) {
    return FIRST_ADDRESS.matcher(access.url());
  }
}
