package dev.tandem.mode.event;

import dev.tandem.mode.CustomerId;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The queues between both sides. All changes of a customer go through one lane, which one consumer
 * at a time empties: so they arrive in their order. Both sides must count the same lanes.
 *
 * @param count how many
 */
record Lanes(int count) {

  /** How many there can be. */
  static final int MOST = 64;

  /** Where a message goes that can never be taken. */
  static final String DEAD = "tandem.credit-limits.dead";

  /** Which lane a customer's changes go through: by its id alone, on every machine the same. */
  int of(CustomerId customer) {
    return slotOf(customer) % count;
  }

  /** As the column of the outbox says it: the customers of a slot share a lane. */
  static int slotOf(CustomerId customer) {
    return Math.floorMod(hash(customer.value()), MOST);
  }

  private static int hash(UUID id) {
    return Long.hashCode(id.getMostSignificantBits() ^ id.getLeastSignificantBits());
  }

  /** The slots whose customers go through these lanes. */
  IntStream slotsOf(Set<Integer> some) {
    return IntStream.range(0, MOST).filter(slot -> some.contains(slot % count));
  }

  /** The name of a lane's queue, and of its address. */
  String queueOf(int lane) {
    return "tandem.credit-limits.lane-" + lane;
  }

  /**
   * The lane's queue, with what it has to be if nobody has made it before: only one consumer at a
   * time gets messages, however many listen.
   */
  String destination(int lane) {
    return queueOf(lane) + "?exclusive=true";
  }

  /** All lanes, 0 first. */
  IntStream all() {
    return IntStream.range(0, count);
  }
}
