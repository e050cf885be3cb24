package dev.tandem.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one installation: {@code data}, {@code logs}, {@code run} (what runs now), and the
 * secrets, made once. A marker file tells it from folders that are not ours: nothing is written to
 * those, let alone deleted.
 */
final class Installation {
  private static final String MARKER = ".tandem-installation";
  private static final String MARKER_TEXT =
      "Tandem keeps data and logs of ./tandem up here. This file says that it may delete them.\n";
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);
  private static final int SECRET_BYTES = 24;
  private static final int NAME_LETTERS = 12;

  private final Path home;

  Installation(Path home) {
    this.home = home;
  }

  boolean exists() {
    return Files.exists(home.resolve(MARKER));
  }

  /** Makes the folder ours, unless it holds something that is not. */
  void create() {
    if (exists()) {
      return;
    }
    if (Files.exists(home) && !isEmpty(home)) {
      throw new StackException(
          home
              + " is not empty and not a folder of Tandem (it has no "
              + MARKER
              + "): choose another one with TANDEM_HOME.");
    }
    folder(home);
    PrivateFile.write(home.resolve(MARKER), MARKER_TEXT);
  }

  /** Deletes all data, only in a folder that is ours; logs and secrets stay. */
  void deleteData() {
    if (!exists()) {
      throw new StackException(home + " is not a folder of Tandem: nothing is deleted.");
    }
    deleteTree(home.resolve("data"));
  }

  Path home() {
    return home;
  }

  /** The part's data folder; it need not exist. */
  Path data(String part) {
    return home.resolve("data").resolve(part);
  }

  Path log(String part) {
    return home.resolve("logs").resolve(part + ".log");
  }

  Path run(String file) {
    return home.resolve("run").resolve(file);
  }

  /**
   * A secret of this installation, made when it is first asked for; nothing while there is no
   * installation.
   */
  synchronized String secret(String name) {
    return kept(name, Installation::newSecret);
  }

  /**
   * The coordinator's name, of letters only and always as long: so that none is the beginning of
   * another one's, and each ends in a non-digit.
   */
  synchronized String coordinatorName() {
    return kept("coordinator-name", Installation::newName);
  }

  /** One operation at a time on this folder. Waits for another one to end, for a minute. */
  AutoCloseableLock lock() {
    var channel = new AtomicReference<@Nullable FileLock>();
    var file = open(folder(home).resolve("lock"));
    if (!Waiting.until(LOCK_LIMIT, () -> tryLock(file, channel))) {
      close(file);
      throw new StackException(
          "Another ./tandem up, start or down is at work on " + home + ": wait for it to end.");
    }
    return () -> close(file);
  }

  static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      // Does not follow links: what they lead to is not ours.
      Files.walkFileTree(folder, new Deleting());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StackException("Cannot make the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  private String kept(String name, Supplier<String> maker) {
    if (!exists()) {
      return "";
    }
    var file = home.resolve("installation.properties");
    var values = PrivateFile.readProperties(file);
    var value = values.get(name);
    if (value != null) {
      return value;
    }
    var made = maker.get();
    values.put(name, made);
    PrivateFile.writeProperties(file, values);
    return made;
  }

  private static String newSecret() {
    var bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String newName() {
    return new SecureRandom()
        .ints(NAME_LETTERS, 'a', 'z' + 1)
        .mapToObj(Character::toString)
        .collect(Collectors.joining("", "tandem-", ""));
  }

  private static boolean isEmpty(Path folder) {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new StackException("Cannot look into " + folder + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel open(Path file) {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StackException("Cannot write to " + file + ": " + e.getMessage(), e);
    }
  }

  private static boolean tryLock(FileChannel file, AtomicReference<@Nullable FileLock> lock) {
    try {
      lock.set(file.tryLock());
      return lock.get() != null;
    } catch (OverlappingFileLockException heldInThisJvm) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A lock whose release throws nothing. */
  interface AutoCloseableLock extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
