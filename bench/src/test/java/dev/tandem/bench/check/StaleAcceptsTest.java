package dev.tandem.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.bench.check.StaleAccepts.Certainty;
import dev.tandem.bench.check.TwoDatabases.Change;
import dev.tandem.bench.check.TwoDatabases.Order;
import dev.tandem.bench.history.Call;
import dev.tandem.bench.history.Ending;
import dev.tandem.bench.history.Operation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What is definite and what is only possible, case by case and against every way it can have been.
 */
class StaleAcceptsTest {
  private static final String ADA = "00000000-0000-0000-0000-000000000001";
  private static final int HISTORIES = 4_000;

  private final List<Change> changes = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();

  @Test
  void anOrderSentAfterTheLoweringWasAcknowledgedIsDefinite() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    assertThat(order(1, 80, 21, 30)).isEqualTo(Certainty.DEFINITE);
  }

  @Test
  void oneThatOnlyOverlapsTheLoweringIsPossible() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    assertThat(order(1, 80, 19, 30)).isEqualTo(Certainty.POSSIBLE);
  }

  @Test
  void oneThatWasAnsweredBeforeTheLoweringWasSentIsNeither() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    assertThat(order(1, 80, 5, 9)).isEqualTo(Certainty.NOT_STALE);
  }

  @Test
  void oneThatTheNewLimitAllowsIsNeither() {
    change(1, 100, 0, 1);
    change(2, 80, 10, 20);
    assertThat(order(1, 80, 21, 30)).isEqualTo(Certainty.NOT_STALE);
  }

  @Test
  void oneDecidedOnTheNewLimitIsNeither() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    assertThat(order(2, 80, 21, 30)).isEqualTo(Certainty.NOT_STALE);
  }

  @Test
  void aLaterRaiseThatOverlapsLeavesItPossible() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    change(3, 90, 25, 40);
    assertThat(order(1, 80, 21, 30)).isEqualTo(Certainty.POSSIBLE);
    assertThat(order(1, 80, 21, 24)).isEqualTo(Certainty.DEFINITE);
  }

  @Test
  void aLaterLoweringThatOverlapsLeavesItDefinite() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    change(3, 40, 25, 40);
    assertThat(order(1, 80, 21, 30)).isEqualTo(Certainty.DEFINITE);
  }

  @Test
  void aReadOfTheOwnerMakesAChangeKnownThatNobodyAcknowledged() {
    change(1, 100, 0, 1);
    unanswered(2, 50, 10);
    assertThat(order(1, 80, 31, 40)).isEqualTo(Certainty.POSSIBLE);
    calls.add(Calls.call("xa", Operation.READ_CUSTOMER, ADA, "", 20, 30, Ending.OK, 2, "", ""));
    assertThat(order(1, 80, 31, 40)).isEqualTo(Certainty.DEFINITE);
    assertThat(order(1, 80, 29, 40)).isEqualTo(Certainty.POSSIBLE);
  }

  @Test
  void aReadOfTheCopyIsNoEvidenceOfTheOwner() {
    change(1, 100, 0, 1);
    unanswered(2, 50, 10);
    calls.add(Calls.call("xa", Operation.READ_CREDIT, ADA, "", 20, 30, Ending.OK, 2, "", ""));
    assertThat(order(1, 80, 31, 40)).isEqualTo(Certainty.POSSIBLE);
  }

  @Test
  void anOrderWithoutAnAnswerCanHaveBeenDecidedLongAfter() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    change(3, 90, 1000, 1010);
    assertThat(order(1, 80, 21, LimitTimeline.NEVER)).isEqualTo(Certainty.POSSIBLE);
  }

  @Test
  void theExcessAndTheTimeAreWhatIsCertain() {
    change(1, 100, 0, 1);
    change(2, 50, 10, 20);
    change(3, 60, 25, 40);
    var finding = StaleAccepts.judge(demanding(1, 80), 28, 30, timeline());
    assertThat(finding.certainty()).isEqualTo(Certainty.DEFINITE);
    assertThat(finding.excess()).isEqualByComparingTo("20");
    assertThat(finding.behindNanos()).isEqualTo(8);
  }

  @Test
  void definiteIsWhatHoldsInEveryWayItCanHaveBeenAndPossibleWhatHoldsInSome() {
    long seed = Long.getLong("tandem.test.seed", 20_261_122);
    var random = new Random(seed);
    int definite = 0;
    int possible = 0;
    for (int i = 0; i < HISTORIES; i++) {
      var history = new SmallHistory(random);
      var expected = history.inEveryWay();
      var found =
          StaleAccepts.judge(
                  history.order,
                  history.from,
                  history.to,
                  new LimitTimeline(history.changes, history.calls))
              .certainty();
      assertThat(found).as("history %d of seed %d: %s", i, seed, history).isEqualTo(expected);
      definite += found == Certainty.DEFINITE ? 1 : 0;
      possible += found == Certainty.POSSIBLE ? 1 : 0;
    }
    assertThat(definite).as("definite among the histories").isGreaterThan(HISTORIES / 20);
    assertThat(possible).as("possible among the histories").isGreaterThan(HISTORIES / 20);
  }

  /**
   * A few changes and reads of one limit, which really happened at moments that are then forgotten,
   * and one order; small enough to try every moment at which all that may have happened.
   */
  private static final class SmallHistory {
    private static final int END = 9;
    private static final int LONGEST = 4;
    private static final int LATEST = END + LONGEST;

    final List<Change> changes = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final Order order;
    final long from;
    final long to;

    SmallHistory(Random random) {
      int versions = 2 + random.nextInt(3);
      var took = random.ints(versions, 0, END + 1).sorted().toArray();
      took[0] = 0; // the customer is there before anybody orders
      for (int version = 1; version <= versions; version++) {
        add(version, took[version - 1], random);
      }
      for (int reads = random.nextInt(3); reads > 0; reads--) {
        read(random.nextInt(END + 1), took, random);
      }
      long decided = random.nextInt(END + 1);
      from = Math.max(0, decided - random.nextInt(LONGEST));
      to = random.nextInt(6) == 0 ? LimitTimeline.NEVER : decided + random.nextInt(LONGEST);
      order = demanding(1 + random.nextInt(versions), 3 + random.nextInt(9));
    }

    private void add(int version, int took, Random random) {
      var change = changeOf(version, random.nextInt(10));
      long started = Math.max(0, took - random.nextInt(LONGEST));
      long ended = took + random.nextInt(LONGEST);
      boolean answered = random.nextInt(3) > 0;
      changes.add(change);
      calls.add(changeCall(change, started, ended, answered, answered || random.nextBoolean()));
    }

    private void read(int moment, int[] took, Random random) {
      int version = 0;
      while (version < took.length && took[version] <= moment) {
        version++;
      }
      if (version > 0) {
        calls.add(
            Calls.call(
                "xa",
                Operation.READ_CUSTOMER,
                ADA,
                "",
                Math.max(0, moment - random.nextInt(LONGEST)),
                moment + random.nextInt(LONGEST),
                Ending.OK,
                version,
                "",
                ""));
      }
    }

    /** Tries every moment of every change, and every moment of the decision. */
    Certainty inEveryWay() {
      var seen = new boolean[2];
      place(1, 0, new long[changes.size() + 1], seen);
      assertThat(seen[0] || seen[1]).as("what really happened is one way").isTrue();
      if (!seen[1]) {
        return Certainty.NOT_STALE;
      }
      return seen[0] ? Certainty.POSSIBLE : Certainty.DEFINITE;
    }

    private void place(int version, long earliest, long[] took, boolean[] seen) {
      if (version > changes.size()) {
        decide(took, seen);
        return;
      }
      for (long moment = earliest; moment <= LATEST; moment++) {
        if (isConsistent(version, moment)) {
          took[version] = moment;
          place(version + 1, moment, took, seen);
        }
      }
    }

    /** No call was answered before what it shows, and no change took place before it was asked. */
    private boolean isConsistent(int version, long moment) {
      for (var call : calls) {
        boolean asksForIt =
            call.operation() == Operation.CHANGE_LIMIT
                && call.changeId().equals(changes.get(version - 1).id());
        boolean mayAskForIt =
            asksForIt
                || call.operation() == Operation.CHANGE_LIMIT
                    && call.changeId().isEmpty()
                    && onlyCandidate(call, version);
        if (mayAskForIt && moment < call.started()) {
          return false;
        }
        if (call.ending() == Ending.OK && call.version() >= version && moment > call.ended()) {
          return false;
        }
      }
      return true;
    }

    /**
     * With one amount asked for several times any of the calls may be meant: the earliest binds.
     */
    private boolean onlyCandidate(Call call, int version) {
      var amount = changes.get(version - 1).limit().toPlainString();
      return call.amount().equals(amount)
          && calls.stream()
              .noneMatch(other -> other.changeId().equals(changes.get(version - 1).id()))
          && calls.stream()
              .filter(other -> other.operation() == Operation.CHANGE_LIMIT)
              .filter(other -> other.changeId().isEmpty() && other.amount().equals(amount))
              .allMatch(other -> other.started() >= call.started());
    }

    private void decide(long[] took, boolean[] seen) {
      for (long moment = from; moment <= Math.min(to, LATEST); moment++) {
        int inForce = 0;
        while (inForce < changes.size() && took[inForce + 1] <= moment) {
          inForce++;
        }
        if (inForce > 0) {
          boolean stale =
              inForce > order.version()
                  && changes.get(inForce - 1).limit().compareTo(order.demand()) < 0;
          seen[stale ? 1 : 0] = true;
        }
      }
    }

    @Override
    public String toString() {
      return "order %s within [%d, %d], changes %s, calls %s"
          .formatted(order, from, to, changes, calls);
    }
  }

  private void change(int version, int limit, long started, long ended) {
    var change = changeOf(version, limit);
    changes.add(change);
    calls.add(changeCall(change, started, ended, true, true));
  }

  private void unanswered(int version, int limit, long started) {
    var change = changeOf(version, limit);
    changes.add(change);
    calls.add(changeCall(change, started, started + 1000, false, false));
  }

  private Certainty order(int version, int demand, long from, long to) {
    return StaleAccepts.judge(demanding(version, demand), from, to, timeline()).certainty();
  }

  private LimitTimeline timeline() {
    return new LimitTimeline(changes, calls);
  }

  private static Change changeOf(int version, int limit) {
    return new Change("change-" + version, ADA, version == 1, version, BigDecimal.valueOf(limit));
  }

  private static Call changeCall(
      Change change, long started, long ended, boolean answered, boolean named) {
    return Calls.call(
        "xa",
        Operation.CHANGE_LIMIT,
        ADA,
        change.limit().toPlainString(),
        started,
        ended,
        answered ? Ending.OK : Ending.UNKNOWN,
        answered ? change.version() : 0,
        named ? change.id() : "",
        "");
  }

  private static Order demanding(int version, int demand) {
    return new Order(
        "order", ADA, BigDecimal.ONE, "APPROVED", false, version, BigDecimal.valueOf(demand));
  }
}
