package dev.tandem.stack;

import java.util.Map;

/** How the services reach a message broker. */
record BrokerAccess(String url, String user, String password) {
  static BrokerAccess here(int port, String password) {
    return new BrokerAccess("tcp://127.0.0.1:" + port, "tandem", password);
  }

  /** The same broker by another way. */
  BrokerAccess at(String otherUrl) {
    return new BrokerAccess(otherUrl, user, password);
  }

  /** What the services, and the broker itself, are told it by. */
  Map<String, String> environment() {
    return Map.of(
        "TANDEM_EVENT_BROKER_URL", url,
        "TANDEM_EVENT_BROKER_USER", user,
        "TANDEM_EVENT_BROKER_PASSWORD", password);
  }

  /** Does not show the password. */
  @Override
  public String toString() {
    return url + " as " + user;
  }
}
