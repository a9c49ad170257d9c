package io.nadb.samples.shop;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spring.boot.test.AutoConfigureTestNadb;
import io.nadb.testkit.Crash;
import io.nadb.testkit.Faults;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The shop as it is, on virtual time. */
@SpringBootTest
@AutoConfigureTestNadb
class CartsTest {
  @Autowired private Carts carts;
  @Autowired private Catalogue catalogue;
  @Autowired private NadbHarness harness;
  @Autowired private VirtualTime time;
  @Autowired private Faults faults;

  private final String ada = UUID.randomUUID().toString();

  @Test
  void afterACrashAnItemIsInStockOrInACartAndNeverInBothOrNone() {
    int before = carts.left("apple");
    assertThat(carts.add(ada, "apple")).isTrue();
    time.advance(ofSeconds(1));
    assertThat(carts.add(ada, "pear")).isTrue();

    harness.crash(Crash.POWER_CUT);
    harness.reopen();

    assertThat(carts.of(ada)).isEqualTo(Map.of("apple", 1));
    assertThat(carts.left("apple")).isEqualTo(before - 1);
  }

  @Test
  void theLastOneIsSoldOnceWhoeverIsFaster() {
    String bob = UUID.randomUUID().toString();
    while (carts.left("leek") > 1) {
      carts.add(ada, "leek");
    }
    faults.afterNextRead("stock:leek", () -> carts.add(bob, "leek"));

    assertThat(carts.add(ada, "leek")).isFalse();
    assertThat(carts.of(bob)).isEqualTo(Map.of("leek", 1));
  }

  @Test
  void whatWasPutIntoTheCartWhileItWasPaidStaysThere() {
    carts.add(ada, "pear");
    Map<String, Integer> paid = carts.of(ada);
    carts.add(ada, "pear");

    assertThat(carts.order(ada, paid)).isEqualTo("{pear=1}");
    assertThat(carts.of(ada)).isEqualTo(Map.of("pear", 1));
    assertThat(carts.orders(ada)).containsExactly("{pear=1}");
  }

  @Test
  void theSupplierIsAskedAgainWhenPricesHaveChangedOrTenMinutesHavePassed() {
    catalogue.ids().forEach(catalogue::product);
    int before = catalogue.questions();
    catalogue.ids().forEach(catalogue::product);
    assertThat(catalogue.questions()).isEqualTo(before);

    assertThat(catalogue.forget("fruit")).isEqualTo(2);
    catalogue.ids().forEach(catalogue::product);
    assertThat(catalogue.questions()).isEqualTo(before + 2);

    time.advance(ofMinutes(10));
    catalogue.ids().forEach(catalogue::product);
    assertThat(catalogue.questions()).isEqualTo(before + 5);
  }
}
