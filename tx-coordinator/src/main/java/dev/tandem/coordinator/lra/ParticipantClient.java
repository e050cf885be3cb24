package dev.tandem.coordinator.lra;

import javax.net.ssl.SSLContext;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.JerseyClient;
import org.glassfish.jersey.client.JerseyClientBuilder;
import org.glassfish.jersey.client.spi.Connector;
import org.jspecify.annotations.Nullable;

/**
 * The one client with which Narayana calls participants. Narayana asks for a new one for each call
 * and closes it afterwards; it gets this one each time, and closing it does nothing.
 */
final class ParticipantClient extends JerseyClient {

  private static volatile @Nullable ParticipantClient current;

  private ParticipantClient(Connector participants) {
    super(
        new ClientConfig().connectorProvider((client, settings) -> participants),
        (SSLContext) null,
        null);
  }

  /** From now on Narayana's calls go this way. */
  static void use(Connector participants) {
    current = new ParticipantClient(participants);
  }

  /** No more calls. */
  static void release() {
    var was = current;
    current = null;
    if (was != null) {
      was.closeForGood();
    }
  }

  private void closeForGood() {
    super.close();
  }

  @Override
  public void close() {
    // it is everybody's
  }

  /** Found by its name in {@code META-INF/services}, before Jersey's own. */
  public static final class Builder extends JerseyClientBuilder {

    @Override
    public JerseyClient build() {
      var client = current;
      if (client == null) {
        throw new IllegalStateException("the coordinator of Long Running Actions is not running");
      }
      return client;
    }
  }
}
