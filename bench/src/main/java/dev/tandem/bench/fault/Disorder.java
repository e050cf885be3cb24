package dev.tandem.bench.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Makes of what was sent what a bad broker may bring: all of it, in any order, half of it twice,
 * and with it some from before. Counts what it has done.
 */
final class Disorder<M> {
  private static final int LONGEST_MEMORY = 200;
  private static final int OF_THE_PAST = 3;

  /** A change on its way. */
  record Held<M>(String customer, long version, M message) {}

  private final Random random;
  private final List<Held<M>> past = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();
  private long held;
  private long again;
  private long late;

  Disorder(Random random) {
    this.random = random;
  }

  List<Held<M>> of(List<Held<M>> sent) {
    var all = new ArrayList<>(sent);
    sent.stream().filter(each -> random.nextBoolean()).forEach(all::add);
    all.addAll(fromThePast());
    Collections.shuffle(all, random);
    count(all, sent);
    remember(sent);
    return all;
  }

  /** How many changes were on their way. */
  long held() {
    return held;
  }

  /** How many of all that was brought had been brought before. */
  long again() {
    return again;
  }

  /** How many changes were first brought after a newer one of the same customer. */
  long late() {
    return late;
  }

  private List<Held<M>> fromThePast() {
    var some = new ArrayList<Held<M>>();
    for (int i = 0; i < OF_THE_PAST && !past.isEmpty(); i++) {
      some.add(past.get(random.nextInt(past.size())));
    }
    return some;
  }

  private void count(List<Held<M>> brought, List<Held<M>> sent) {
    held += sent.size();
    again += brought.size() - sent.size();
    Set<Held<M>> awaited = new HashSet<>(sent);
    for (var each : brought) {
      if (awaited.remove(each) && newest.getOrDefault(each.customer(), 0L) > each.version()) {
        late++;
      }
      newest.merge(each.customer(), each.version(), Math::max);
    }
  }

  private void remember(List<Held<M>> sent) {
    past.addAll(sent);
    if (past.size() > LONGEST_MEMORY) {
      past.subList(0, past.size() - LONGEST_MEMORY).clear();
    }
  }
}
