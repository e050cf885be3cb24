package dev.tandem.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, as a process of its own, and its end by every signal. */
class BrokerProcessIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern URL = Pattern.compile("active at (tcp://\\S+),");
  private static final String LANE = "tandem.credit-limits.lane-7";

  @TempDir private Path folder;
  private Path output;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void output() {
    output = folder.resolve("output");
  }

  @AfterEach
  void leaveNothing() {
    processes.forEach(process -> process.destroyForcibly().onExit().join());
  }

  @Test
  void whatItHasAcknowledgedOutlivesAKill() throws Exception {
    var texts = IntStream.range(0, 500).mapToObj(Integer::toString).toArray(String[]::new);
    var process = start();
    try (var client = Client.at(url())) {
      client.send(LANE, texts);
      assertThat(client.receive(LANE, 100)).hasSize(100);
      process.destroyForcibly().onExit().join();
    }

    start();
    try (var client = Client.at(url())) {
      assertThat(client.receive(LANE, 400)).isEqualTo(List.of(texts).subList(100, 500));
      assertThat(client.isEmpty(LANE)).as("what was consumed does not come again").isTrue();
    }
  }

  @Test
  void askedToEndItEndsInGoodOrderAndKeepsItsMessages() throws Exception {
    var process = start();
    try (var client = Client.at(url())) {
      client.send(LANE, "kept");
    }

    process.destroy();

    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    start();
    try (var client = Client.at(url())) {
      assertThat(client.receive(LANE, 1)).containsExactly("kept");
    }
  }

  @Test
  void aFullLaneIsToldInOneLine() throws Exception {
    start("--memory", "1");
    for (int attempt = 0; attempt < 2; attempt++) {
      try (var client = Client.at(url())) {
        assertThatThrownBy(() -> sendWithoutEnd(client)).isInstanceOf(JMSException.class);
      }
    }

    assertThat(Files.readAllLines(output))
        .filteredOn(line -> line.contains("A lane takes no more until some is consumed"))
        .hasSize(1);
    assertThat(said()).doesNotContain("\tat ");
  }

  @Test
  void whatIsWrongIsTheLastLineAndTheExitCodeSaysSo() throws Exception {
    start();
    assertThat(run("--folder", data(), "--port", "0")).isEqualTo(1);
    assertThat(lastLine()).startsWith("broker: Another broker works in " + data());
    assertThat(run("--folder", folder.resolve("other").toString(), "--port", port())).isEqualTo(1);
    assertThat(lastLine()).startsWith("broker: Port " + port() + " is taken");
    assertThat(
            run(
                "--folder",
                folder.resolve("other").toString(),
                "--port",
                "0",
                "--health-port",
                port()))
        .isEqualTo(1);
    assertThat(lastLine()).startsWith("broker: Port " + port() + ", for the health page");
    assertThat(run("--port", "0")).isEqualTo(2);
  }

  private static void sendWithoutEnd(Client client) throws JMSException {
    for (int i = 0; i < 1_000; i++) {
      client.send(LANE, "x".repeat(5_000));
    }
  }

  private Process start(String... more) throws IOException {
    Files.deleteIfExists(output);
    var arguments =
        new ArrayList<>(List.of("--folder", data(), "--port", "0", "--health-port", "0"));
    arguments.addAll(List.of(more));
    var process = launch(arguments.toArray(String[]::new));
    Awaitility.await("the broker's first line")
        .atMost(LIMIT)
        .until(() -> Files.exists(output) && URL.matcher(said()).find());
    return process;
  }

  private int run(String... arguments) throws IOException, InterruptedException {
    var process = launch(arguments);
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Process launch(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(TandemBroker.class.getName());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(Redirect.appendTo(output.toFile()));
    builder.environment().put("TANDEM_EVENT_BROKER_USER", Client.USER);
    builder.environment().put("TANDEM_EVENT_BROKER_PASSWORD", Client.PASSWORD);
    var process = builder.start();
    processes.add(process);
    return process;
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private String url() throws IOException {
    var found = URL.matcher(said());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private String port() throws IOException {
    return url().substring(url().lastIndexOf(':') + 1);
  }

  private String said() throws IOException {
    return Files.readString(output);
  }

  private String lastLine() throws IOException {
    var lines = Files.readAllLines(output);
    return lines.get(lines.size() - 1);
  }
}
