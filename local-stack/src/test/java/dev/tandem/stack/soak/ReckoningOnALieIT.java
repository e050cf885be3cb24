package dev.tandem.stack.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.stack.shop.Evidence;
import dev.tandem.stack.soak.Deed.Kind;
import dev.tandem.stack.soak.Deed.Word;
import dev.tandem.stack.system.InMode;
import dev.tandem.stack.system.RunningShop;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client was told is held against the tables: each lie must be seen, and the truth hold. */
@InMode("lra")
class ReckoningOnALieIT {
  private static final String NEVER_WAS = UUID.randomUUID().toString();

  private final RunningShop shop;
  private String applied = "";
  private String refused = "";
  private String order = "";

  ReckoningOnALieIT(RunningShop shop) {
    this.shop = shop;
  }

  @BeforeEach
  void somethingHappens() throws Exception {
    shop.tables().empty();
    var customer = shop.newCustomer("100.00");
    order = shop.approvedOrder(customer, "80.00");
    refused = shop.client().changeLimit(customer, 1, "50.00", null).text("changeId");
    applied = shop.limitChanged(customer, 1, "200.00").text("changeId");
  }

  @AfterEach
  void forgetAll() throws Exception {
    shop.tables().empty();
  }

  @Test
  void theTruthHolds() throws Exception {
    assertThat(
            wrong(
                change(Word.DONE, applied),
                change(Word.OPEN, applied),
                change(Word.REFUSED, refused),
                change(Word.OPEN, refused),
                new Deed(Kind.ORDER, "", order, Word.DONE, "")))
        .isEmpty();
  }

  @Test
  void anAcknowledgedChangeThatDidNotTakePlaceIsSeen() throws Exception {
    assertThat(wrong(change(Word.DONE, refused)))
        .containsExactly("acknowledged changes are on both sides");
    assertThat(wrong(change(Word.DONE, NEVER_WAS)))
        .containsExactly("acknowledged changes are on both sides");
  }

  @Test
  void aRefusedChangeThatTookPlaceIsSeen() throws Exception {
    assertThat(wrong(change(Word.REFUSED, applied)))
        .containsExactly("refused changes are on neither side");
  }

  @Test
  void anOpenChangeThatNobodyKnowsIsSeen() throws Exception {
    assertThat(wrong(change(Word.OPEN, NEVER_WAS)))
        .containsExactly("every open outcome comes to an end that GET tells");
  }

  @Test
  void anOrderThatIsLostAndACancelThatDidNotTakePlaceAreSeen() throws Exception {
    for (var lie :
        List.of(
            new Deed(Kind.ORDER, "", NEVER_WAS, Word.DONE, ""),
            new Deed(Kind.CANCEL, "", order, Word.DONE, ""))) {
      assertThat(wrong(lie))
          .containsExactly(
              "every acknowledged order is stored, every acknowledged cancel took place");
    }
  }

  @Test
  void anAnswerThatMeansNothingIsSeen() throws Exception {
    assertThat(wrong(new Deed(Kind.CHANGE, "", "", Word.NONSENSE, "500")))
        .containsExactly("every answer makes sense");
  }

  private static Deed change(Word word, String change) {
    return new Deed(Kind.CHANGE, "", change, word, "");
  }

  private List<String> wrong(Deed... deeds) throws Exception {
    return new Reckoning(shop, List.of(deeds))
        .evidence().stream().filter(each -> !each.holds()).map(Evidence::claim).toList();
  }
}
