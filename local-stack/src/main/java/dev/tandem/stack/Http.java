package dev.tandem.stack;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The launcher's few questions to the services. With the JDK's old client, which loads in a tenth
 * of the new one's time.
 */
final class Http {
  private static final int LIMIT_MILLIS = 2000;
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;

  private Http() {}

  static boolean answersOk(String url) {
    try {
      var connection = connect(url);
      try {
        return connection.getResponseCode() == OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException away) {
      return false;
    }
  }

  /** The JSON that is at this address; empty when there is no answer. */
  static Optional<Json> get(String url, String token) {
    try {
      var connection = connect(url);
      connection.setRequestProperty("Authorization", "Bearer " + token);
      try (var body = connection.getInputStream()) {
        return Optional.of(new Json(body.readAllBytes()));
      } finally {
        connection.disconnect();
      }
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  /**
   * What comes back when this JSON is sent; empty when there is no answer within the limit.
   *
   * @param body as it is sent
   */
  static Optional<Answer> post(String url, String token, String body, int limitMillis) {
    try {
      var connection = connect(url);
      connection.setReadTimeout(limitMillis);
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setRequestProperty("Authorization", "Bearer " + token);
      connection.setRequestProperty("Content-Type", "application/json");
      try (var out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
      return Optional.of(answer(connection));
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  private static Answer answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (var body =
        status < BAD_REQUEST ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(status, new Json(body == null ? new byte[0] : body.readAllBytes()));
    } finally {
      connection.disconnect();
    }
  }

  /** What somebody answered, a refusal included. */
  record Answer(int status, Json body) {}

  /** An answer, of which little matters. */
  record Json(byte[] text) {

    /** A number at the top of the object; empty when there is none. */
    Optional<Long> number(String field) {
      return find(field, JsonParser::getLongValue);
    }

    /** A text at the top of the object; empty when there is none. */
    Optional<String> string(String field) {
      return find(field, JsonParser::getString);
    }

    /** How many elements an array at the top of the object has; empty when there is none. */
    Optional<Long> length(String field) {
      return find(field, Json::elements);
    }

    private static long elements(JsonParser array) {
      long elements = 0;
      while (array.nextToken() != JsonToken.END_ARRAY) {
        array.skipChildren();
        elements++;
      }
      return elements;
    }

    private <T> Optional<T> find(String field, Function<JsonParser, T> value) {
      try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          var name = parser.currentName();
          parser.nextToken();
          if (name.equals(field)) {
            return Optional.of(value.apply(parser));
          }
          parser.skipChildren();
        }
        return Optional.empty();
      } catch (JacksonException notJson) {
        return Optional.empty();
      }
    }
  }

  private static HttpURLConnection connect(String url) throws IOException {
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    return connection;
  }
}
