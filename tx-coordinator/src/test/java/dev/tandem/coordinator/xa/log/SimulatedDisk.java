package dev.tandem.coordinator.xa.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A disk that fails at a given operation, and loses at a crash any part of what was not forced:
 * bytes by sector or from an arbitrary byte on, names by the folder's last operations.
 */
class SimulatedDisk extends FileOperations {

  private static final int SECTOR = 512;

  private record Unforced(FileChannel channel, long position, byte[] before) {}

  /** A changed or (with no new name) deleted name, and where the file lies whose place it took. */
  private record Renamed(Path from, Path to, Path replaced) {}

  private final List<Unforced> unforced = new ArrayList<>();
  private final List<Renamed> names = new ArrayList<>();
  private final Path attic;
  private int attics;
  private int operations;
  private int failAt = Integer.MAX_VALUE;
  private boolean failed;
  private boolean crashed;
  volatile CountDownLatch gate = new CountDownLatch(0);

  SimulatedDisk(Path attic) throws IOException {
    this.attic = Files.createDirectories(attic);
  }

  /** Fails at the operation that many from now, and at all that follow. */
  synchronized SimulatedDisk failAfter(int more) {
    failAt = operations + more;
    return this;
  }

  synchronized boolean failed() {
    return failed;
  }

  @Override
  int write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    synchronized (this) {
      remember(channel, position, bytes.remaining());
      if (crashed) {
        throw new IOException("there is no power");
      }
      if (fails()) {
        int half = bytes.remaining() / 2; // a short write, then nothing more
        channel.write(bytes.slice(bytes.position(), half), position);
        throw new IOException("No space left on device");
      }
      return super.write(channel, bytes, position);
    }
  }

  private void remember(FileChannel channel, long position, int length) throws IOException {
    int there = (int) Math.min(length, Math.max(0, channel.size() - position));
    var before = ByteBuffer.allocate(there);
    channel.read(before, position);
    unforced.add(new Unforced(channel, position, before.array()));
  }

  @Override
  void force(FileChannel channel) throws IOException {
    try {
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new IOException("the test did not open the gate");
      }
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible);
    }
    synchronized (this) {
      step();
      unforced.removeIf(write -> write.channel() == channel);
    }
  }

  @Override
  synchronized void rename(Path from, Path to) throws IOException {
    step();
    Path replaced = setAside(to);
    super.rename(from, to);
    names.add(new Renamed(from, to, replaced));
  }

  @Override
  synchronized void delete(Path file) throws IOException {
    step();
    names.add(new Renamed(file, file, setAside(file)));
  }

  @Override
  synchronized void forceFolder(Path folder) throws IOException {
    step();
    names.clear();
  }

  private Path setAside(Path file) throws IOException {
    Path aside = attic.resolve("gone-" + attics++);
    if (Files.exists(file)) {
      Files.move(file, aside);
    }
    return aside;
  }

  private static void putBack(Path aside, Path file) throws IOException {
    if (Files.exists(aside)) {
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void step() throws IOException {
    if (crashed || fails()) {
      throw new IOException("the disk is gone");
    }
  }

  private boolean fails() {
    failed |= ++operations >= failAt;
    return failed;
  }

  /** Power is lost: some of what was not forced is there, some is not. */
  synchronized void crash(Random random) throws IOException {
    crashed = true;
    for (int i = unforced.size() - 1; i >= 0; i--) {
      lose(unforced.get(i), random);
    }
    if (random.nextInt(3) == 0 && !names.isEmpty()) {
      lose(names.get(random.nextInt(names.size())));
    } else {
      undoLast(random.nextInt(names.size() + 1));
    }
    unforced.clear();
    names.clear();
  }

  private void undoLast(int count) throws IOException {
    for (int i = names.size() - 1; i >= names.size() - count; i--) {
      var name = names.get(i);
      if (!name.from().equals(name.to())) {
        Files.move(name.to(), name.from(), StandardCopyOption.REPLACE_EXISTING);
      }
      putBack(name.replaced(), name.to());
    }
  }

  /** Out of order: later changes of names reached the disk, this one did not. */
  private static void lose(Renamed name) throws IOException {
    if (name.from().equals(name.to())) {
      return;
    }
    if (Files.exists(name.from())) {
      Files.deleteIfExists(name.to());
    } else if (Files.exists(name.to())) {
      Files.move(name.to(), name.from());
    }
  }

  private static void lose(Unforced write, Random random) throws IOException {
    if (!write.channel().isOpen() || write.before().length == 0) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> putBack(write, 0, write.before().length);
      case 1 -> putBack(write, random.nextInt(write.before().length), write.before().length);
      case 2 -> {
        for (int at = 0; at < write.before().length; at += SECTOR) {
          if (random.nextBoolean()) {
            putBack(write, at, Math.min(at + SECTOR, write.before().length));
          }
        }
      }
      default -> {} // all of it reached the disk, though nobody waited
    }
  }

  private static void putBack(Unforced write, int from, int to) throws IOException {
    write
        .channel()
        .write(ByteBuffer.wrap(write.before(), from, to - from), write.position() + from);
  }
}
