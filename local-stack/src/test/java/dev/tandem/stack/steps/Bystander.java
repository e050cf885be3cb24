package dev.tandem.stack.steps;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * What the Byteman rules call inside a part. Lets the first thread that comes to an armed step
 * stand there, and says so, until the test lets it go. Uses the JDK alone: it travels in a jar of
 * its own. Byteman makes a subclass of it.
 */
public class Bystander {
  static final String FOLDER = "crash.folder";
  static final String ARMED = "armed";
  static final String REACHED = "reached";
  static final String RELEASED = "released";

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
  private static final Path SIGNS = Path.of(System.getProperty(FOLDER, "."));

  /** Returns at once unless the step is armed and nobody has been there since. */
  public void stand(String step) throws IOException {
    if (Files.exists(sign(ARMED, step)) && isFirstAt(step)) {
      long until = System.nanoTime() + LONGEST.toNanos();
      while (!Files.exists(sign(RELEASED, step)) && System.nanoTime() < until) {
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    }
  }

  private static boolean isFirstAt(String step) throws IOException {
    var proof = "pid " + ProcessHandle.current().pid() + " at " + Instant.now();
    var draft = Files.writeString(sign(REACHED, step + "." + System.nanoTime()), proof);
    try {
      Files.createLink(sign(REACHED, step), draft); // whole, and for one thread only
      return true;
    } catch (FileAlreadyExistsException another) {
      return false;
    } finally {
      Files.delete(draft);
    }
  }

  private static Path sign(String folder, String step) {
    return SIGNS.resolve(folder).resolve(step);
  }
}
