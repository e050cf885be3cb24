package dev.tandem.stack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, unpacked from our jar, and how to run them. */
final class PostgresPrograms {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final Object UNPACKING = new Object();

  private final Path folder;

  PostgresPrograms(Path folder) {
    this.folder = folder;
  }

  /**
   * Unpacks them unless they are there. Several may do so at once: the first one to finish wins.
   */
  Path program(String name) {
    var archive = archive();
    // By the archive's checksum: another version of PostgreSQL gets another folder.
    var unpacked = folder.resolve(Long.toHexString(checksum(archive)));
    synchronized (UNPACKING) {
      if (!Files.exists(unpacked)) {
        unpack(archive, unpacked);
      }
    }
    return unpacked.resolve("bin").resolve(name);
  }

  /**
   * PostgreSQL refuses to run as root. In a user namespace of its own it is nobody, and still owns
   * root's files: that is how zonky runs it, too.
   */
  static List<String> commandPrefix() {
    if (!Programs.runsAsRoot()) {
      return List.of();
    }
    if (!Programs.succeeds("unshare", "-U", "true")) {
      throw new StackException(
          "PostgreSQL does not run as root, and this machine does not allow user namespaces (unshare -U): run ./tandem as another user, "
              + "or use servers of your own with TANDEM_CUSTOMER_DB_URL and TANDEM_ORDER_DB_URL.");
    }
    return List.of("unshare", "-U");
  }

  private static URL archive() {
    return Optional.ofNullable(
            isLinuxOnAmd64() ? PostgresPrograms.class.getResource(ARCHIVE) : null)
        .orElseThrow(
            () ->
                new StackException(
                    "Tandem brings PostgreSQL for Linux on x86-64, and this is %s on %s: use servers of your own with TANDEM_CUSTOMER_DB_URL and TANDEM_ORDER_DB_URL."
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch"))));
  }

  private static boolean isLinuxOnAmd64() {
    return "Linux".equals(System.getProperty("os.name"))
        && Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  }

  private static long checksum(URL archive) {
    try {
      return ((JarURLConnection) archive.openConnection()).getJarEntry().getCrc();
    } catch (IOException e) {
      throw new StackException("Cannot read " + archive, e);
    }
  }

  private void unpack(URL archive, Path unpacked) {
    try {
      var unfinished = Files.createTempDirectory(Installation.folder(folder), ".unfinished-");
      try (var in = archive.openStream()) {
        unpack(in, unfinished);
      }
      moveInto(unfinished, unpacked);
    } catch (IOException e) {
      throw new StackException(
          "Cannot unpack PostgreSQL into " + folder + ": " + e.getMessage(), e);
    }
  }

  private static void moveInto(Path unfinished, Path unpacked) throws IOException {
    try {
      Files.move(unfinished, unpacked, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException somebodyWasFaster) {
      Installation.deleteTree(unfinished);
      if (!Files.exists(unpacked)) {
        throw somebodyWasFaster;
      }
    }
  }

  private static void unpack(InputStream archive, Path folder) throws IOException {
    var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)));
    for (@Nullable TarArchiveEntry entry = tar.getNextEntry();
        entry != null;
        entry = tar.getNextEntry()) {
      var target = folder.resolve(entry.getName()).normalize();
      if (entry.isDirectory()) {
        Files.createDirectories(target);
      } else {
        Files.createDirectories(target.getParent());
        unpack(tar, entry, target);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make " + target + " executable");
    }
  }
}
