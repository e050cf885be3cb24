package dev.tandem.bench;

/** Something to be done when this program is ended from outside, unless it is closed before. */
final class AtExit implements AutoCloseable {
  private final Thread hook;

  AtExit(String name, Runnable work) {
    this.hook = new Thread(work, name);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // Then it is being done.
    }
  }
}
