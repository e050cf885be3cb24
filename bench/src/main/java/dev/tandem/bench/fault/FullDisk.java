package dev.tandem.bench.fault;

import dev.tandem.stack.Stack;
import dev.tandem.stack.StackException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The part's data folder is on a disk that is full: a small tmpfs, which holds what was there
 * before, and not a byte more. The part is started again on it, as it would be after a move to
 * another disk; the healing makes room, and starts the part if it has given up. Needs root.
 */
record FullDisk(Stack stack, String part, Path data) implements Fault {
  private static final int SPARE_KIB = 512;
  private static final int BLOCK = 4096;
  private static final String DISK = "tandem-bench";
  private static final String FILLER = "filler-of-the-bench";

  @Override
  public Healing strike() {
    mustBeAbleToMount();
    stack.kill(part);
    fillSmallDisk();
    long left = data.toFile().getUsableSpace();
    return new Healing() {
      @Override
      public void close() {
        heal();
      }

      @Override
      public String evidence() {
        return left == 0 ? "0 bytes were left in the folder of " + part : "";
      }
    };
  }

  /** Before anything is done to the part. */
  private void mustBeAbleToMount() {
    var probe = data.resolveSibling(part + "-probe");
    command(List.of("mkdir", "-p", probe.toString()));
    try {
      command(List.of("mount", "-t", "tmpfs", "-o", "size=64k", DISK, probe.toString()));
      command(List.of("umount", probe.toString()));
    } finally {
      command(List.of("rmdir", probe.toString()));
    }
  }

  private void fillSmallDisk() {
    try {
      moveToSmallDisk();
      Processes.start(stack, part);
      fill();
    } catch (RuntimeException failed) {
      heal();
      throw failed;
    }
  }

  private void heal() {
    try {
      Files.deleteIfExists(data.resolve(FILLER));
    } catch (IOException e) {
      throw new StackException("No room could be made in " + data, e);
    }
    Processes.start(stack, part);
  }

  /** Once: a second fault of the same part finds it there. */
  private void moveToSmallDisk() {
    if (isMounted(data)) {
      return;
    }
    var before = data.resolveSibling(part + "-before");
    command(List.of("mv", "-T", data.toString(), before.toString()));
    try {
      moveToSmallDisk(before);
    } catch (RuntimeException failed) {
      unmountBelow(data);
      command(List.of("rm", "-rf", data.toString()));
      command(List.of("mv", before.toString(), data.toString()));
      throw failed;
    }
  }

  private void moveToSmallDisk(Path before) {
    command(List.of("mkdir", data.toString()));
    var size = "size=" + (kibibytesOf(before) + SPARE_KIB) + "k";
    command(List.of("mount", "-t", "tmpfs", "-o", size, DISK, data.toString()));
    command(List.of("cp", "-a", before + "/.", data.toString()));
    command(List.of("chown", "--reference=" + before, data.toString()));
    command(List.of("chmod", "--reference=" + before, data.toString()));
  }

  private void fill() {
    try (var filler = Files.newOutputStream(data.resolve(FILLER))) {
      fill(filler);
    } catch (IOException full) {
      // So it is to be.
    }
  }

  private static void fill(OutputStream filler) throws IOException {
    var block = new byte[BLOCK];
    for (; ; ) {
      filler.write(block);
    }
  }

  private static long kibibytesOf(Path folder) {
    return Long.parseLong(command(List.of("du", "-sk", folder.toString())).split("\\s")[0]);
  }

  static void unmountBelow(Path folder) {
    for (var mounted : mountsBelow(folder)) {
      command(List.of("umount", mounted));
    }
  }

  private static boolean isMounted(Path folder) {
    return mountsBelow(folder).contains(folder.toString());
  }

  private static List<String> mountsBelow(Path folder) {
    try (var mounts = Files.lines(Path.of("/proc/mounts"))) {
      return mounts
          .filter(line -> line.startsWith(DISK + " "))
          .map(line -> line.split(" ")[1])
          .filter(path -> Path.of(path).startsWith(folder))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String command(List<String> words) {
    try {
      var process = new ProcessBuilder(words).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes()).strip();
      if (process.waitFor() != 0) {
        throw new StackException(
            "The fault full-disk needs root, to mount a small disk: "
                + String.join(" ", words)
                + " said: "
                + said);
      }
      return said;
    } catch (IOException e) {
      throw new StackException("Cannot run " + words.get(0) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted.", e);
    }
  }
}
