package dev.tandem.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A repository in a temp folder whose parts are stand-ins; its databases are real. */
final class TestShop {
  private static final List<String> JARS =
      List.of("db-init", "broker", "tx-coordinator", "customer-service", "order-service");

  private final Path folder;
  private final Map<String, String> variables = new HashMap<>();
  final List<String> heard = new CopyOnWriteArrayList<>();

  TestShop(Path folder) {
    this.folder = folder;
    JARS.forEach(
        part -> writeJar(folder.resolve(part).resolve("target").resolve(part + "-exec.jar")));
    with("TANDEM_HOME", home().toString());
    with("TANDEM_PORTS", "free");
    // Unpacked once for all tests.
    with("TANDEM_POSTGRESQL_FOLDER", Path.of("target", "postgresql").toAbsolutePath().toString());
  }

  /** With the broker that the build has made in place of its stand-in. */
  TestShop withTheBroker() throws IOException {
    var target = folder.resolve("broker").resolve("target");
    Installation.deleteTree(target);
    Files.createSymbolicLink(target, Path.of("..", "broker", "target").toAbsolutePath());
    return this;
  }

  TestShop with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  Path root() {
    return folder;
  }

  Path home() {
    return folder.resolve("home");
  }

  Map<String, String> variables() {
    return variables;
  }

  StackSettings settings() {
    var environment = new HashMap<>(System.getenv());
    environment.putAll(variables);
    return StackSettings.of(folder, environment);
  }

  /** Ends with this JVM. */
  Stack stack() {
    return Stack.tiedToThisJvm(settings(), (part, what) -> heard.add(part + " " + what));
  }

  static Connection connect(PartStatus database) throws SQLException {
    var server =
        DatabaseServer.at(database.jdbcUrl(), database.user(), database.password()).orElseThrow();
    return DriverManager.getConnection(
        server.jdbcUrl("postgres"), database.user(), database.password());
  }

  static void execute(PartStatus database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String ask(PartStatus database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void writeJar(Path jar) {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandIn.class.getName());
    var entry = StandIn.class.getName().replace('.', '/') + ".class";
    try {
      Files.createDirectories(jar.getParent());
      try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
          var in = StandIn.class.getResourceAsStream("/" + entry)) {
        out.putNextEntry(new JarEntry(entry));
        in.transferTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
