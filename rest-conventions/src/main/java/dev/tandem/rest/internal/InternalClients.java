package dev.tandem.rest.internal;

import java.time.Duration;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Makes the clients with which one part calls another one's internal listener. All share one pool
 * of kept-alive connections: a client per call costs ten times the throughput.
 *
 * <p>A call is sent at most once: nothing is repeated behind the caller's back, because only the
 * caller knows whether its call may be repeated. A part that is away, or goes away in the middle of
 * a call, is a {@link org.springframework.web.client.ResourceAccessException}.
 */
public final class InternalClients implements AutoCloseable {

  /** A loopback or rack neighbour that does not accept within this time is away. */
  private static final Duration CONNECT = Duration.ofMillis(500);

  private static final int CONNECTIONS_PER_PART = 100;

  private final CloseableHttpClient http;
  private final RestClient.Builder prototype;
  private final ServiceAddresses addresses;
  private final String token;

  InternalClients(RestClient.Builder prototype, ServiceAddresses addresses, String token) {
    this.http = pooled();
    this.prototype = prototype;
    this.addresses = addresses;
    this.token = token;
  }

  /**
   * A client for one part, with its base address and the service token set.
   *
   * @param service configured name, for example {@code order-service}
   * @param answerWithin how long a call waits for the answer, unless {@code forService} is asked
   *     again with another limit
   * @throws UnusableSetting if the part has no configured address
   */
  public RestClient forService(String service, Duration answerWithin) {
    return prototype
        .clone()
        .requestFactory(requestFactory(http, answerWithin))
        // else a connection that breaks while the body is written is told as a body that cannot be
        .bufferContent((uri, method) -> true)
        .baseUrl(addresses.urlOf(service))
        .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
        .build();
  }

  private static HttpComponentsClientHttpRequestFactory requestFactory(
      HttpClient http, Duration answerWithin) {
    var factory = new HttpComponentsClientHttpRequestFactory(http);
    var limits =
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(answerWithin))
            .setConnectionRequestTimeout(Timeout.of(CONNECT))
            .build();
    factory.setHttpContextFactory(
        (method, uri) -> {
          var context = org.apache.hc.client5.http.protocol.HttpClientContext.create();
          context.setRequestConfig(limits);
          return context;
        });
    return factory;
  }

  private static CloseableHttpClient pooled() {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(CONNECTIONS_PER_PART)
            .setMaxConnTotal(4 * CONNECTIONS_PER_PART)
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(CONNECT))
                    // the check reads the socket for up to 1 ms: only worth it after a pause
                    .setValidateAfterInactivity(TimeValue.ofMilliseconds(200))
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableRedirectHandling()
        .disableAuthCaching()
        .disableContentCompression()
        .evictExpiredConnections()
        .evictIdleConnections(TimeValue.ofSeconds(10))
        .build();
  }

  @Override
  public void close() throws java.io.IOException {
    http.close();
  }
}
