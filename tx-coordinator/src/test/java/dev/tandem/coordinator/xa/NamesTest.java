package dev.tandem.coordinator.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.rest.internal.UnusableSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @Test
  void aBranchIdIsReadAsItIsWritten() {
    var id = new BranchId("tandem-tm1", "tandem-tm2", "a.b-c_d");

    assertThat(BranchId.parse(id.toString())).contains(id);
    assertThat(id.is(id.xid())).isTrue();
    assertThat(BranchId.of(id.xid(), "a.b-c_d")).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "xa1:a:b", "xa1:a:b:c:d", "xa2:a:b:c"})
  void whatIsNoBranchIdIsNotRead(String text) {
    assertThat(BranchId.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tm1", "TM", "tandem_tm", "a:b", "tandem tm"})
  void aNameThatCannotBeginAnIdIsRefused(String name) {
    assertThatThrownBy(() -> new CoordinatorName(name)).isInstanceOf(UnusableSetting.class);
  }

  @Test
  void aCoordinatorKnowsItsOwnIds() {
    var name = new CoordinatorName("tandem-tm");

    assertThat(name.made("tandem-tm17")).isTrue();
    assertThat(name.made("tandem-tm")).isFalse();
    assertThat(name.made("tandem-tmx17")).isFalse();
    assertThat(name.made("other17")).isFalse();
    assertThat(name.made("tandem-tm1x")).isFalse();
  }
}
