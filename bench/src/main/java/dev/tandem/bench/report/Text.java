package dev.tandem.bench.report;

import dev.tandem.bench.history.Operation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them, the same in every country. */
final class Text {
  static final String NOT_MEASURED = "not measured";

  private Text() {}

  /** About three digits. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
  }

  static String number(@Nullable Double value) {
    return value == null ? NOT_MEASURED : number(value.doubleValue());
  }

  /** 100 % only if it is all of them. */
  static String percent(double part) {
    double percent = 100 * part;
    if (percent > 99.9 && percent < 100) {
      return "over 99.9 %";
    }
    return String.format(
        Locale.ROOT, percent == Math.rint(percent) ? "%.0f %%" : "%.1f %%", percent);
  }

  static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** For a cell of a Markdown table. */
  static String markdown(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  /** In the words of the shop. */
  static String many(Operation operation) {
    return switch (operation) {
      case CREATE_CUSTOMER -> "new customers";
      case CHANGE_LIMIT -> "changes of limits";
      case PLACE_ORDER -> "orders";
      case CANCEL_ORDER -> "cancels";
      case READ_CREDIT -> "reads of the credit (copy)";
      case READ_CUSTOMER -> "reads of the customer (owner)";
    };
  }
}
