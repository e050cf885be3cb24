package dev.tandem.stack.meters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Processor time as the kernel counts it. */
final class Cpu {
  private static final long MILLIS_PER_TICK = 10; // USER_HZ is 100 on every Linux of today

  // Fields of /proc/<pid>/stat, counted from the one after the name in brackets, which is field 3.
  private static final int UTIME = 14 - 3;
  private static final int STIME = 15 - 3;
  private static final int CUTIME = 16 - 3;
  private static final int CSTIME = 17 - 3;

  private Cpu() {}

  /** Of a process, of its children, and of those children that have ended. */
  static long millis(long pid) {
    var children =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .mapToLong(child -> ticks(child.pid(), UTIME, STIME));
    return MILLIS_PER_TICK
        * LongStream.concat(LongStream.of(ticks(pid, UTIME, STIME, CUTIME, CSTIME)), children)
            .sum();
  }

  private static long ticks(long pid, int... fields) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      var words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Arrays.stream(fields).mapToLong(field -> Long.parseLong(words[field])).sum();
    } catch (IOException gone) {
      return 0; // then its parent has it among those that have ended
    }
  }
}
