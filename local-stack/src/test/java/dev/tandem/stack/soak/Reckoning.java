package dev.tandem.stack.soak;

import static org.awaitility.Awaitility.await;

import dev.tandem.stack.shop.Answer;
import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.soak.Deed.Kind;
import dev.tandem.stack.soak.Deed.Word;
import dev.tandem.stack.system.RunningShop;
import dev.tandem.stack.system.Tables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;

/** Holds what clients were told against both databases, and counts what does not agree. */
final class Reckoning {
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);
  private static final Set<String> TOOK_PLACE = Set.of("applied");
  private static final Set<String> DID_NOT = Set.of("refused", "compensated");

  private final RunningShop shop;
  private final List<Deed> deeds;
  private final Map<String, String> changeOfKey = new HashMap<>();
  private final List<Evidence> evidence = new ArrayList<>();

  Reckoning(RunningShop shop, List<Deed> deeds) {
    this.shop = shop;
    this.deeds = deeds;
  }

  List<Evidence> evidence() throws SQLException {
    for (var row :
        shop.tables()
            .ask(Tables.OWNER, "select idempotency_key || ' ' || change_id from idempotency_key")) {
      changeOfKey.put(row.split(" ")[0], row.split(" ")[1]);
    }
    var applied = told(Word.DONE);
    var refused = told(Word.REFUSED);
    openOutcomesHaveComeToAnEnd(applied, refused);
    evidence.add(shop.check().acknowledgedTookPlace(applied));
    evidence.add(shop.check().refusedDidNot(refused));
    everyAnswerMakesSense();
    ordersAreAsTold();
    evidence.addAll(shop.check().all());
    evidence.add(shop.check().noAnswerIsOwed());
    evidence.add(shop.check().noVersionIsMissing());
    noActionIsOpen();
    return evidence;
  }

  private Set<String> told(Word word) {
    var changes = new HashSet<String>();
    deeds.stream()
        .filter(deed -> deed.kind() == Kind.CHANGE && deed.word() == word)
        .map(Deed::told)
        .filter(change -> !change.isEmpty())
        .forEach(changes::add);
    return changes;
  }

  /** What was left open is told to have one of both ends, and is then held to that. */
  private void openOutcomesHaveComeToAnEnd(Set<String> applied, Set<String> refused) {
    var wrong = new ArrayList<String>();
    int looked = 0;
    for (var deed : deeds) {
      var change = open(deed);
      if (change.isEmpty()) {
        continue;
      }
      looked++;
      var state = stateOf(change.get());
      if (TOOK_PLACE.contains(state)) {
        applied.add(change.get());
      } else if (DID_NOT.contains(state)) {
        refused.add(change.get());
      } else {
        wrong.add(change.get() + " is " + state);
      }
    }
    count("every open outcome comes to an end that GET tells", looked, wrong);
  }

  /** The change of a deed with an open outcome; empty if customer-service never heard of it. */
  private Optional<String> open(Deed deed) {
    if (deed.kind() != Kind.CHANGE || deed.word() != Word.OPEN) {
      return Optional.empty();
    }
    return deed.told().isEmpty()
        ? Optional.ofNullable(changeOfKey.get(deed.key()))
        : Optional.of(deed.told());
  }

  private String stateOf(String change) {
    try {
      return await()
          .atMost(ANSWERED_WITHIN)
          .pollDelay(Duration.ZERO)
          .until(() -> shop.client().limitChange(change), Reckoning::isFinal)
          .text("state");
    } catch (ConditionTimeoutException never) {
      var last = shop.client().limitChange(change);
      return last.inWords() + " " + last.body();
    }
  }

  /** One that is not known was promised nothing, and never will be known. */
  private static boolean isFinal(Answer told) {
    var state = told.text("state");
    return TOOK_PLACE.contains(state) || DID_NOT.contains(state) || told.status() == 404;
  }

  private void everyAnswerMakesSense() {
    count(
        "every answer makes sense",
        deeds.size(),
        deeds.stream().filter(deed -> deed.word() == Word.NONSENSE).map(Deed::inWords).toList());
  }

  private void ordersAreAsTold() throws SQLException {
    var stored = new HashMap<String, String>();
    for (var row : shop.tables().ask(Tables.COPY, "select order_id || ' ' || state from orders")) {
      stored.put(row.split(" ")[0], row.split(" ")[1]);
    }
    var orders =
        deeds.stream()
            .filter(deed -> deed.kind() != Kind.CHANGE && deed.word() == Word.DONE)
            .toList();
    count(
        "every acknowledged order is stored, every acknowledged cancel took place",
        orders.size(),
        orders.stream()
            .filter(deed -> !isAsTold(deed, stored.get(deed.told())))
            .map(deed -> deed.told() + " is " + stored.get(deed.told()))
            .toList());
  }

  private static boolean isAsTold(Deed deed, String stored) {
    return deed.kind() == Kind.CANCEL ? "CANCELLED".equals(stored) : stored != null;
  }

  private void noActionIsOpen() {
    var unsettled = shop.stack().unsettled();
    evidence.add(
        new Evidence(
            "no action is open or failed",
            unsettled.openActions() == 0 && unsettled.failedActions() == 0,
            unsettled.toString()));
  }

  private void count(String claim, int looked, List<String> wrong) {
    evidence.add(
        new Evidence(
            claim,
            wrong.isEmpty(),
            wrong.isEmpty()
                ? looked + " looked at, 0 wrong"
                : "%d of %d wrong, the first: %s".formatted(wrong.size(), looked, wrong.get(0))));
  }
}
