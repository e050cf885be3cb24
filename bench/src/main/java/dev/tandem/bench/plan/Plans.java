package dev.tandem.bench.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Finds plans: those that come with the bench by name, others by path. */
public final class Plans {
  /** What is run when nobody names a plan. */
  public static final String DEFAULT = "compare-modes";

  public static final List<String> NAMES =
      List.of(
          DEFAULT,
          "limits-falling-under-load",
          "order-service-down",
          "customer-service-down",
          "coordinator-down",
          "broker-down",
          "order-db-down",
          "slow-link",
          "cut-link-in-commit",
          "coordinator-disk-full",
          "messages-again",
          "hot-customer",
          "kill-anything");

  private Plans() {}

  /**
   * The plan of that name, or in that file.
   *
   * @throws PlanException if there is none, or it is not as it should be
   */
  public static Plan find(String nameOrPath) {
    if (NAMES.contains(nameOrPath)) {
      return PlanReader.read(nameOrPath, nameOrPath + ".yaml", ownText(nameOrPath));
    }
    var file = Path.of(nameOrPath);
    if (!Files.isRegularFile(file)) {
      throw new PlanException(
          "There is no plan "
              + nameOrPath
              + ", and no such file. The plans are "
              + String.join(", ", NAMES)
              + "; or name a YAML file.");
    }
    try {
      return PlanReader.read(nameOf(file), nameOrPath, Files.readString(file));
    } catch (IOException e) {
      throw new PlanException("Cannot read " + nameOrPath + ": " + e.getMessage());
    }
  }

  /** A constant's name as plans have it. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }

  private static String ownText(String name) {
    try (InputStream text = Plans.class.getResourceAsStream("/plans/" + name + ".yaml")) {
      if (text == null) {
        throw new IllegalStateException("no resource for the plan " + name);
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
