package dev.tandem.stack.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One step at which the next change will stand; closed, nobody stands there any more. */
final class ArmedStep implements AutoCloseable {
  private static final List<String> SIGNS =
      List.of(Bystander.ARMED, Bystander.REACHED, Bystander.RELEASED);

  private final Path folder;
  private final Step step;

  /**
   * @param folder the one that the parts were given as {@link Bystander#FOLDER}
   */
  ArmedStep(Path folder, Step step) {
    this.folder = folder;
    this.step = step;
    remove(Bystander.REACHED);
    remove(Bystander.RELEASED);
    write(Bystander.ARMED);
  }

  static void prepare(Path folder) {
    try {
      for (var sign : SIGNS) {
        Files.createDirectories(folder.resolve(sign));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Step step() {
    return step;
  }

  /** Which process stands there, and since when; empty until one does. */
  Optional<String> proof() {
    try {
      var reached = sign(Bystander.REACHED);
      return Files.exists(reached) ? Optional.of(Files.readString(reached)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets it go on. */
  void release() {
    write(Bystander.RELEASED);
  }

  @Override
  public void close() {
    remove(Bystander.ARMED);
    release();
    remove(Bystander.REACHED);
  }

  private void remove(String sign) {
    try {
      Files.deleteIfExists(sign(sign));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String sign) {
    try {
      Files.writeString(sign(sign), step.title());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path sign(String sign) {
    return folder.resolve(sign).resolve(step.sign());
  }
}
