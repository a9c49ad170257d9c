package io.nadb.spring.boot.test;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.spring.boot.test.ShopApplication.Carts;
import io.nadb.testkit.Crash;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.TestPropertySource;

// What docs/spring.md shows.
@TestPropertySource(properties = "nadb.url=nadb:fs:./cart?flush=5s")
@SpringBootTest
@AutoConfigureTestNadb
class CartTest {
  @Autowired private Carts carts;
  @Autowired private NadbHarness harness;
  @Autowired private VirtualTime time;

  @Test
  void aCartSurvivesAPowerCutOnceItIsFlushed() {
    carts.put("ada", "apple");
    time.advance(ofSeconds(5));
    harness.crash(Crash.POWER_CUT);
    harness.reopen();
    assertThat(carts.of("ada")).isEqualTo("apple");
  }
}
