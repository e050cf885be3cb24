package dev.tandem.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
  /** For a question that changes nothing. */
  static final int LIMIT_MILLIS = 2000;

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

  /** The JSON that is at this address; empty when there is no good answer. */
  static Optional<Json> get(String url, String token) {
    return ask(url, token, null, LIMIT_MILLIS)
        .filter(answer -> answer.status < BAD_REQUEST)
        .map(answer -> new Json(answer.body));
  }

  /**
   * Asks with a body (POST) or without one (GET); what is not OK is an answer, too. Empty when
   * there is none within the limit.
   *
   * @param body JSON
   */
  static Optional<Answer> ask(String url, String token, @Nullable String body, int limitMillis) {
    try {
      var connection = connect(url);
      connection.setReadTimeout(limitMillis);
      connection.setRequestProperty("Authorization", "Bearer " + token);
      try {
        if (body != null) {
          connection.setRequestProperty("Content-Type", "application/json");
          connection.setDoOutput(true);
          connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        var status = connection.getResponseCode();
        return Optional.of(
            new Answer(
                status,
                all(
                    status < BAD_REQUEST
                        ? connection.getInputStream()
                        : connection.getErrorStream())));
      } finally {
        connection.disconnect();
      }
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  private static byte[] all(@Nullable InputStream body) throws IOException {
    if (body == null) {
      return new byte[0];
    }
    try (body) {
      return body.readAllBytes();
    }
  }

  /** What came back. */
  record Answer(int status, byte[] body) {
    boolean isOk() {
      return status == OK;
    }
  }

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

    /** A number in an object that is at the top of the object; empty when there is none. */
    Optional<Long> numberIn(String object, String field) {
      return find(object, parser -> numberOf(parser, field));
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

    private static long numberOf(JsonParser object, String field) {
      while (object.nextToken() == JsonToken.PROPERTY_NAME) {
        var name = object.currentName();
        object.nextToken();
        if (name.equals(field)) {
          return object.getLongValue();
        }
        object.skipChildren();
      }
      throw new NoSuchElementException(field);
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
      } catch (JacksonException | NoSuchElementException notThere) {
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
