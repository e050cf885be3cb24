package dev.tandem.bench.fault;

import dev.tandem.bench.plan.FaultKind;
import dev.tandem.bench.plan.FaultWish;
import dev.tandem.stack.PartStatus;
import dev.tandem.stack.Stack;
import dev.tandem.stack.StackSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies of one run, one for each link that a fault is to hit. They must be there before the
 * stack starts, which is told of them by its settings.
 */
public final class Links implements AutoCloseable {
  private static final Link OF_MESSAGES = new Link(RepeatMessages.CONSUMER, RepeatMessages.BROKER);

  private final Map<Link, Proxy> proxies = new LinkedHashMap<>();
  private volatile @Nullable Stack stack;

  private record Link(String from, String to) {}

  public Links(List<FaultWish> faults) {
    faults.stream()
        .flatMap(wish -> linkOf(wish).stream())
        .distinct()
        .forEach(link -> proxies.put(link, new Proxy(() -> addressOf(link.to()))));
  }

  private static Optional<Link> linkOf(FaultWish wish) {
    if (wish.kind() == FaultKind.REPEAT_MESSAGES) {
      return Optional.of(OF_MESSAGES);
    }
    return wish.isOfALink() ? Optional.of(new Link(wish.from(), wish.to())) : Optional.empty();
  }

  /** With the proxies between its parts. */
  public StackSettings in(StackSettings settings) {
    var with = settings;
    for (var each : proxies.entrySet()) {
      var link = each.getKey();
      with =
          with.with(StackSettings.linkVariable(link.from(), link.to()), each.getValue().address());
    }
    return with;
  }

  /** Where the parts are. Before the stack starts. */
  public void lead(Stack to) {
    stack = to;
  }

  Proxy between(String from, String to) {
    return between(new Link(from, to));
  }

  /** Where the copy's messages come from. */
  Proxy ofMessages() {
    return between(OF_MESSAGES);
  }

  private Proxy between(Link link) {
    return Objects.requireNonNull(proxies.get(link), link.from() + " to " + link.to());
  }

  @Override
  public void close() {
    proxies.values().forEach(Proxy::close);
  }

  private InetSocketAddress addressOf(String part) {
    return address(Objects.requireNonNull(stack).addresses(part));
  }

  static InetSocketAddress address(PartStatus part) {
    var url =
        part.jdbcUrl() != null ? part.jdbcUrl().replaceFirst("^jdbc:", "") : part.internalUrl();
    var uri = URI.create(url != null ? url : String.valueOf(part.url()));
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }
}
