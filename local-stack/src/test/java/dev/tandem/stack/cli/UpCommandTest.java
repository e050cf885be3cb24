package dev.tandem.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.StackSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpCommandTest {
  @Test
  void anUnknownModeIsRefusedBeforeAnythingHappens(@TempDir Path folder) {
    var home = folder.resolve("home");
    var said = new StringWriter();
    var commandLine =
        Tandem.commandLine(StackSettings.of(folder, Map.of("TANDEM_HOME", home.toString())));
    commandLine.setErr(new PrintWriter(said));

    assertThat(commandLine.execute("up", "--mode", "saga")).isEqualTo(1);
    assertThat(said.toString())
        .contains("There is no mode saga. The modes are xa, lra, event, besteffort.");
    assertThat(home).doesNotExist();
  }
}
