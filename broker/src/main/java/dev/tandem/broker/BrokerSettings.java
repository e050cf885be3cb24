package dev.tandem.broker;

import java.nio.file.Path;

/**
 * What can be chosen about a broker.
 *
 * @param folder keeps all that outlives the process; one broker at a time may work in it
 * @param port for clients, on the loopback address; 0 for a free one
 * @param lanes how many queues the limits travel through; the services must be told the same number
 * @param laneBytes memory that one lane's waiting messages may take, before it refuses more
 * @param user the one user there is
 */
record BrokerSettings(
    Path folder, int port, int lanes, long laneBytes, String user, String password) {
  static final int MOST_LANES = 256;

  BrokerSettings {
    demand(port >= 0 && port < 65536, "The port is " + port + ": it must be 0 to 65535");
    demand(
        lanes > 0 && lanes <= MOST_LANES,
        "There cannot be " + lanes + " lanes: 1 to " + MOST_LANES + " can be");
    demand(!user.isBlank(), "The user has no name: set TANDEM_EVENT_BROKER_USER");
    demand(!password.isBlank(), "The user has no password: set TANDEM_EVENT_BROKER_PASSWORD");
  }

  private static void demand(boolean good, String sentence) {
    if (!good) {
      throw new BrokerException(sentence + ".");
    }
  }

  /** Does not show the password. */
  @Override
  public String toString() {
    return "%d lanes of %d bytes in %s, port %d, user %s"
        .formatted(lanes, laneBytes, folder, port, user);
  }
}
