package dev.tandem.bench.report;

import static dev.tandem.bench.report.Text.html;
import static dev.tandem.bench.report.Text.number;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A chart as inline SVG. Colours are the page's, by class, so that it can be read in the dark. */
final class Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 260;
  private static final int LEFT = 56;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 42;
  private static final int STEPS = 4;
  private static final int BAR = 22;
  private static final int BAR_GAP = 8;
  private static final int LABEL = 112;
  private static final int VALUE = 150;

  /**
   * A line, or single points.
   *
   * @param style the number of its colour and pattern
   */
  record Series(String name, int style, List<Point> points) {}

  record Point(double x, double y) {}

  /** What is grey behind the lines. */
  record Band(double from, double to, String name) {}

  /** One horizontal bar. */
  record Bar(String name, int style, double value, String words) {}

  private final String title;
  private final double fromX;
  private final double toX;
  private final double toY;
  private final StringBuilder svg = new StringBuilder();

  private Chart(String title, double fromX, double toX, double toY) {
    this.title = title;
    this.fromX = fromX;
    this.toX = toX <= fromX ? fromX + 1 : toX;
    this.toY = toY <= 0 ? 1 : toY;
  }

  /** Lines over an axis of x; the one of y begins at 0 and ends at least at {@code leastY}. */
  static String lines(
      String title, String x, String y, double leastY, List<Series> series, List<Band> bands) {
    var points = series.stream().flatMap(each -> each.points().stream()).toList();
    double fromX = Math.min(0, points.stream().mapToDouble(Point::x).min().orElse(0));
    double toX = points.stream().mapToDouble(Point::x).max().orElse(1);
    double toY = Math.max(leastY, points.stream().mapToDouble(Point::y).max().orElse(1));
    var chart = new Chart(title, fromX, toX, toY > leastY ? nice(toY) : toY);
    chart.begin();
    bands.forEach(chart::band);
    chart.axes(x, y);
    series.forEach(chart::line);
    return chart.end();
  }

  /** Horizontal bars, the longest over the whole width; each says its value. */
  static String bars(String title, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(0);
    int height = TOP + bars.size() * (BAR + BAR_GAP);
    var svg = new StringBuilder(open(title, height));
    int y = TOP;
    for (var bar : bars) {
      double width = most <= 0 ? 0 : (WIDTH - LABEL - VALUE) * bar.value() / most;
      svg.append(
          format(
              "<text x='%d' y='%d' text-anchor='end'>%s</text>",
              LABEL - 8, y + 16, html(bar.name())));
      svg.append(
          format(
              "<rect class='bar m%d' x='%d' y='%d' width='%.1f' height='%d' rx='3'/>",
              bar.style(), LABEL, y, Math.max(2, width), BAR));
      svg.append(
          format(
              "<text x='%.1f' y='%d'>%s</text>",
              LABEL + Math.max(2, width) + 6, y + 16, html(bar.words())));
      y += BAR + BAR_GAP;
    }
    return svg.append("</svg>").toString();
  }

  private void begin() {
    svg.append(open(title, HEIGHT));
  }

  private static String open(String title, int height) {
    return format(
        "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'><title>%s</title>",
        WIDTH, height, html(title), html(title));
  }

  private void band(Band band) {
    double from = x(Math.max(band.from(), fromX));
    double to = x(Math.min(band.to(), toX));
    svg.append(
        format(
            "<rect class='band' x='%.1f' y='%d' width='%.1f' height='%d'/>",
            from, TOP, Math.max(0, to - from), HEIGHT - TOP - BOTTOM));
    svg.append(
        format(
            "<text class='on-band' x='%.1f' y='%d'>%s</text>",
            from + 4, TOP + 14, html(band.name())));
  }

  private void axes(String x, String y) {
    for (int step = 0; step <= STEPS; step++) {
      double value = toY * step / STEPS;
      svg.append(
          format(
              "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>",
              LEFT, WIDTH - RIGHT, y(value), y(value)));
      svg.append(
          format(
              "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
              LEFT - 6, y(value) + 4, number(value)));
    }
    double pace = pace(toX - fromX);
    for (double value = Math.ceil(fromX / pace) * pace + 0.0; value <= toX + 1e-9; value += pace) {
      svg.append(
          format(
              "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
              x(value), HEIGHT - BOTTOM + 18, number(value)));
    }
    svg.append(
        format(
            "<text class='axis' x='%d' y='%d' text-anchor='end'>%s</text>",
            WIDTH - RIGHT, HEIGHT - 6, html(x)));
    svg.append(format("<text class='axis' x='4' y='%d'>%s</text>", HEIGHT - 6, html("↑ " + y)));
  }

  private void line(Series series) {
    var path =
        series.points().stream()
            .map(point -> format("%.1f,%.1f", x(point.x()), y(point.y())))
            .collect(Collectors.joining(" "));
    svg.append(format("<polyline class='line m%d' points='%s'/>", series.style(), path));
    series
        .points()
        .forEach(
            point ->
                svg.append(
                    format(
                        "<circle class='dot m%d' cx='%.1f' cy='%.1f' r='3'><title>%s: %s, %s</title></circle>",
                        series.style(),
                        x(point.x()),
                        y(point.y()),
                        html(series.name()),
                        number(point.x()),
                        number(point.y()))));
  }

  private String end() {
    return svg.append("</svg>").toString();
  }

  private double x(double value) {
    return LEFT + (value - fromX) / (toX - fromX) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - Math.min(value, toY) / toY * (HEIGHT - TOP - BOTTOM);
  }

  /** The next of 1, 2, 4, 5, 8, 10, 20 … that is not less. */
  private static double nice(double value) {
    double unit = Math.pow(10, Math.floor(Math.log10(value)));
    for (double factor : new double[] {1, 2, 4, 5, 8}) {
      if (value <= factor * unit) {
        return factor * unit;
      }
    }
    return 10 * unit;
  }

  private static double pace(double width) {
    return nice(width / 8);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
