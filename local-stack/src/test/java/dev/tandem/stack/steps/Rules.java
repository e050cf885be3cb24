package dev.tandem.stack.steps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** The rules as the parts of one stack load them, and the folder by which they are steered. */
public final class Rules {
  private final Path signs;
  private final Path jar;

  /**
   * @param folder of the stack, for signs and for the jar that travels with the rules
   */
  public Rules(Path folder) {
    this.signs = folder.resolve("signs");
    ArmedStep.prepare(signs);
    this.jar = jarOfTheBystander(folder); // no space in its path: options are words
  }

  /** What the service's JVM must be started with. */
  public String javaOptions(String service) {
    try {
      var byteman =
          Path.of(
              org.jboss.byteman.agent.Main.class
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI());
      var rules = Rules.class.getResource("/crash/" + service + ".btm");
      var script = Path.of(Objects.requireNonNull(rules, service).toURI());
      return "-D%s=%s -javaagent:%s=script:%s,sys:%s"
          .formatted(Bystander.FOLDER, signs, byteman, script, jar);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The next one that comes to this step will stand there.
   *
   * @param sign the step's name in the rules
   */
  public ArmedStep arm(String sign) {
    return new ArmedStep(signs, sign);
  }

  private static Path jarOfTheBystander(Path folder) {
    var entry = Bystander.class.getName().replace('.', '/') + ".class";
    var jar = folder.resolve("bystander.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var in = Objects.requireNonNull(Bystander.class.getResourceAsStream("/" + entry))) {
      out.putNextEntry(new JarEntry(entry));
      in.transferTo(out);
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
