package dev.tandem.stack.shop;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the public API. Sends every call once; a call without an answer is an {@link Answer}
 * too, because that is what clients have to live with.
 */
public final class ShopClient {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final JsonMapper json = JsonMapper.builder().build();
  private final String customers;
  private final String orders;

  /**
   * @param customers public address of customer-service
   * @param orders public address of order-service
   */
  public ShopClient(String customers, String orders) {
    this.customers = customers;
    this.orders = orders;
  }

  /**
   * @param idempotencyKey null for none
   */
  public Answer createCustomer(String name, String limit, @Nullable String idempotencyKey) {
    return post(
        customers + "/customers",
        Map.of("name", name, "creditLimit", Map.of("amount", limit)),
        keyed(idempotencyKey));
  }

  /**
   * @param version what the limit's version must be ({@code If-Match})
   * @param idempotencyKey null for none
   */
  public Answer changeLimit(
      String customer, long version, String limit, @Nullable String idempotencyKey) {
    var headers = keyed(idempotencyKey);
    headers.put("If-Match", "\"" + version + "\"");
    return send(
        "PUT",
        customers + "/customers/" + customer + "/creditlimit",
        json.writeValueAsString(Map.of("amount", limit)),
        headers);
  }

  public Answer customer(String customer) {
    return get(customers + "/customers/" + customer);
  }

  public Answer limitChange(String change) {
    return get(customers + "/limit-changes/" + change);
  }

  public Answer placeOrder(String customer, String total) {
    return post(
        orders + "/orders",
        Map.of("customerId", customer, "orderTotal", Map.of("amount", total)),
        Map.of());
  }

  public Answer cancelOrder(String order) {
    return send("POST", orders + "/orders/" + order + "/cancel", "", Map.of());
  }

  /** Why an order is as it is. */
  public Answer trace(String order) {
    return get(orders + "/orders/" + order + "/trace");
  }

  public Answer credit(String customer) {
    return get(orders + "/customers/" + customer + "/credit");
  }

  /** Any call, also a wrong one. */
  public Answer send(String method, String url, String body, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    if (!headers.containsKey("Content-Type") && !body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    request.method(
        method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    long started = System.nanoTime();
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      var names = new LinkedHashMap<String, String>();
      response.headers().map().forEach((name, values) -> names.put(name, values.get(0)));
      return new Answer(response.statusCode(), names, parse(response.body()), since(started));
    } catch (ConnectException | HttpConnectTimeoutException nobodyThere) {
      var why = json.createObjectNode().put("code", Answer.NO_CONNECTION);
      return new Answer(Answer.NONE, Map.of(), why, since(started));
    } catch (IOException lost) {
      return new Answer(Answer.NONE, Map.of(), json.createObjectNode(), since(started));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Answer(Answer.NONE, Map.of(), json.createObjectNode(), since(started));
    }
  }

  private static Map<String, String> keyed(@Nullable String idempotencyKey) {
    var headers = new LinkedHashMap<String, String>();
    if (idempotencyKey != null) {
      headers.put("Idempotency-Key", idempotencyKey);
    }
    return headers;
  }

  private Answer post(String url, Map<String, ?> body, Map<String, String> headers) {
    return send("POST", url, json.writeValueAsString(body), headers);
  }

  private Answer get(String url) {
    return send("GET", url, "", Map.of());
  }

  private JsonNode parse(String body) {
    try {
      return body.isEmpty() ? json.createObjectNode() : json.readTree(body);
    } catch (JacksonException notJson) {
      return json.createObjectNode();
    }
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}
