package dev.tandem.bench.load;

import dev.tandem.bench.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * What the clients do, without end: a function of shape and seed alone. No answer has a part in it:
 * a change replaces whatever version there is ({@code If-Match: *}), and a cancel names an order by
 * the step that placed it. So each mode gets the same operations, and so does each run with the
 * same seed.
 */
public final class Script implements Iterator<Step> {

  private final List<Client> clients = new ArrayList<>();
  private final PriorityQueue<Step> next =
      new PriorityQueue<>(Comparator.comparingLong(Step::due).thenComparingInt(Step::client));

  /**
   * @param seed of this script: {@link #seed} mixes it from the run's and the place in the run
   */
  public Script(Shape shape, long seed) {
    var random = new SplittableRandom(seed);
    for (int client = 0; client < shape.clients(); client++) {
      clients.add(new Client(client, shape, random.split()));
    }
    clients.forEach(client -> next.add(client.next()));
  }

  /** Another seed for each round and window of a run; the mode has no part in it. */
  public static long seed(long runSeed, int round, String window) {
    long mixed = 31 * (31 * runSeed + round) + window.hashCode();
    return new SplittableRandom(mixed).nextLong();
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  /** In the order in which they are due. */
  @Override
  public Step next() {
    var step = next.remove();
    next.add(clients.get(step.client()).next());
    return step;
  }

  /** The steps of one client alone, one after the other: for closed loops. */
  public Iterator<Step> of(int client) {
    var alone = clients.get(client);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Step next() {
        return alone.next();
      }
    };
  }

  /** One client's own dice. */
  private static final class Client {
    private static final long SECOND = 1_000_000_000L;

    private final int client;
    private final Shape shape;
    private final SplittableRandom random;
    private final Amounts amounts;
    private final List<Placed> placed = new ArrayList<>();
    private final int weights;
    private int number;
    private long due;

    /** An order that no later step of the script has cancelled yet. */
    private record Placed(int step, int customer) {}

    Client(int client, Shape shape, SplittableRandom random) {
      this.client = client;
      this.shape = shape;
      this.random = random;
      this.amounts = new Amounts(shape, random.split());
      this.weights = shape.mix().values().stream().mapToInt(Integer::intValue).sum();
    }

    Step next() {
      due += gap();
      var operation = operation();
      if (operation == Operation.CANCEL_ORDER) {
        var order = placed.remove(random.nextInt(placed.size()));
        return step(operation, order.customer(), "", order.step());
      }
      int customer = shape.spread().pick(random, shape.customers());
      return switch (operation) {
        case CHANGE_LIMIT -> step(operation, customer, amounts.limit(customer), Step.NO_ORDER);
        case PLACE_ORDER -> {
          placed.add(new Placed(number, customer));
          yield step(operation, customer, amounts.order(), Step.NO_ORDER);
        }
        default -> step(operation, customer, "", Step.NO_ORDER);
      };
    }

    /** Poisson's: as people come who do not know of each other. */
    private long gap() {
      double mean = (double) SECOND * shape.clients() / shape.rate();
      return (long) (-Math.log(1 - random.nextDouble()) * mean);
    }

    private Operation operation() {
      int dice = random.nextInt(weights);
      for (var operation : Operation.values()) {
        dice -= shape.mix().getOrDefault(operation, 0);
        if (dice < 0) {
          return operation == Operation.CANCEL_ORDER && placed.isEmpty()
              ? Operation.PLACE_ORDER
              : operation;
        }
      }
      throw new IllegalStateException("no operation for " + shape.mix());
    }

    private Step step(Operation operation, int customer, String amount, int order) {
      return new Step(due, client, number++, operation, customer, amount, order);
    }
  }
}
