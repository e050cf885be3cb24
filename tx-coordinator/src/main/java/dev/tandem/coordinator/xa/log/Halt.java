package dev.tandem.coordinator.xa.log;

/** Ends the process, because nothing may be decided any more. Must not return, except in tests. */
@FunctionalInterface
public interface Halt {

  /** EX_SOFTWARE of sysexits.h: whoever supervises the process can tell it from an ordinary end. */
  int EXIT_STATUS = 70;

  void halt(String reason, Throwable cause);

  /** Prints the reason and halts the virtual machine with status 70, without shutdown hooks. */
  static Halt process() {
    return (reason, cause) -> {
      try {
        System.err.println(reason);
        cause.printStackTrace();
      } finally { // whatever is wrong, memory included
        Runtime.getRuntime().halt(EXIT_STATUS);
      }
    };
  }
}
