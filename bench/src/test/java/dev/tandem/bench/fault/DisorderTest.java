package dev.tandem.bench.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.bench.fault.Disorder.Held;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DisorderTest {
  private final Disorder<String> disorder = new Disorder<>(new Random(1));
  private final List<Held<String>> sent = new ArrayList<>();
  private final List<Held<String>> brought = new ArrayList<>();

  @BeforeEach
  void bringTwentyTimes() {
    for (int batch = 0; batch < 20; batch++) {
      var next = batch(batch);
      sent.addAll(next);
      brought.addAll(disorder.of(next));
    }
  }

  @Test
  void nothingIsLostAndNothingIsMadeUp() {
    assertThat(new HashSet<>(brought)).isEqualTo(new HashSet<>(sent));
    assertThat(disorder.held()).isEqualTo(sent.size());
  }

  @Test
  void someComesAgainAlsoFromLongAgo() {
    assertThat(disorder.again()).isEqualTo(brought.size() - sent.size()).isGreaterThan(20);
    var lastOf = new HashMap<Held<String>, Integer>();
    IntStream.range(0, brought.size()).forEach(at -> lastOf.put(brought.get(at), at));
    assertThat(sent.subList(0, 20)).anyMatch(each -> lastOf.get(each) > brought.size() / 2);
  }

  @Test
  void changesComeAfterNewerOnesOfTheirCustomerForTheFirstTime() {
    Map<String, Long> newest = new HashMap<>();
    var seen = new HashSet<Held<String>>();
    int late = 0;
    for (var each : brought) {
      if (seen.add(each) && newest.getOrDefault(each.customer(), 0L) > each.version()) {
        late++;
      }
      newest.merge(each.customer(), each.version(), Math::max);
    }
    assertThat(disorder.late()).isEqualTo(late).isGreaterThan(20);
  }

  @Test
  void whereNothingWasSentNothingIsBrought() {
    var quiet = new Disorder<String>(new Random(1));

    assertThat(quiet.of(List.of())).isEmpty();
    assertThat(quiet.held() + quiet.again() + quiet.late()).isZero();
  }

  private static List<Held<String>> batch(int number) {
    return IntStream.range(0, 10)
        .mapToObj(
            i -> {
              long version = number * 5L + i / 2;
              var customer = i % 2 == 0 ? "Ada" : "Bob";
              return new Held<>(customer, version, customer + version);
            })
        .toList();
  }
}
