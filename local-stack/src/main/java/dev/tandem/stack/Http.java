package dev.tandem.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.ToLongFunction;
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
  private static final int LIMIT_MILLIS = 2000;
  private static final int OK = 200;

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
   * Asks with a body (POST) or without one (GET); what is not OK is an answer, too.
   *
   * @param body JSON
   */
  static Answer ask(String url, String token, byte @Nullable [] body) {
    try {
      var connection = connect(url);
      connection.setRequestProperty("Authorization", "Bearer " + token);
      try {
        if (body != null) {
          connection.setRequestProperty("Content-Type", "application/json");
          connection.setDoOutput(true);
          connection.getOutputStream().write(body);
        }
        var status = connection.getResponseCode();
        return new Answer(
            status, all(status < 400 ? connection.getInputStream() : connection.getErrorStream()));
      } finally {
        connection.disconnect();
      }
    } catch (IOException away) {
      return Answer.AWAY;
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

  /** What came back, if anything did. */
  record Answer(int status, byte[] body) {
    private static final Answer AWAY = new Answer(0, new byte[0]);

    boolean isAway() {
      return status == 0;
    }

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

    private Optional<Long> find(String field, ToLongFunction<JsonParser> value) {
      try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          var name = parser.currentName();
          parser.nextToken();
          if (name.equals(field)) {
            return Optional.of(value.applyAsLong(parser));
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
