package dev.tandem.bench.load;

import java.util.SplittableRandom;

/** How the operations spread over the customers. */
public enum Spread {
  /** All the same. */
  UNIFORM {
    @Override
    int pick(SplittableRandom random, int customers) {
      return random.nextInt(customers);
    }
  },
  /** The k-th customer in proportion to 1/k, as popularity often is. */
  ZIPF {
    @Override
    int pick(SplittableRandom random, int customers) {
      double all = 0;
      for (int rank = 1; rank <= customers; rank++) {
        all += 1.0 / rank;
      }
      double left = random.nextDouble() * all;
      int rank = 1;
      while (rank < customers && (left -= 1.0 / rank) > 0) {
        rank++;
      }
      return rank - 1;
    }
  },
  /** One customer has them all. */
  HOT {
    @Override
    int pick(SplittableRandom random, int customers) {
      return 0;
    }
  };

  /** A customer's index. */
  abstract int pick(SplittableRandom random, int customers);
}
