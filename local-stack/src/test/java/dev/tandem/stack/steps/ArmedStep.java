package dev.tandem.stack.steps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One step at which the next change will stand; closed, nobody stands there any more. */
public final class ArmedStep implements AutoCloseable {
  private static final List<String> SIGNS =
      List.of(Bystander.ARMED, Bystander.REACHED, Bystander.RELEASED);

  private final Path folder;
  private final String step;

  /**
   * @param folder the one that the parts were given as {@link Bystander#FOLDER}
   */
  ArmedStep(Path folder, String step) {
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

  /** Which process stands there, and since when; empty until one does. */
  public Optional<String> proof() {
    try {
      var reached = sign(Bystander.REACHED);
      return Files.exists(reached) ? Optional.of(Files.readString(reached)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets it go on. */
  public void release() {
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
      Files.writeString(sign(sign), step);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path sign(String sign) {
    return folder.resolve(sign).resolve(step);
  }
}
