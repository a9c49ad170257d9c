package io.nadb.spring.boot.test;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.spring.boot.test.ShopApplication.Carts;
import io.nadb.spring.boot.test.ShopApplication.Prices;
import io.nadb.spring.cache.NadbCacheManager;
import io.nadb.spring.session.NadbIndexedSessionRepository;
import io.nadb.spring.session.NadbSession;
import io.nadb.testkit.Crash;
import io.nadb.testkit.Faults;
import io.nadb.testkit.Ledger;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** An application as it is, in the hands of a test. */
@SpringBootTest(
    classes = ShopApplication.class,
    properties = {"nadb.url=nadb:fs:./shop?flush=5s", "nadb.options.sweep=60s"})
@AutoConfigureTestNadb
class AutoConfigureTestNadbTest {
  @Autowired private ShopApplication shop;
  @Autowired private Carts carts;
  @Autowired private Prices prices;
  @Autowired private NadbCacheManager caches;
  @Autowired private NadbIndexedSessionRepository sessions;
  @Autowired private KeyValueStore store;
  @Autowired private StoreRegistry registry;
  @Autowired private NadbHarness harness;
  @Autowired private VirtualTime time;
  @Autowired private Faults faults;
  @Autowired private Ledger ledger;

  @BeforeEach
  void clear() {
    store.clear();
    caches.cache("prices").clear();
    shop.takeEvents();
  }

  @Test
  void theApplicationFlushesOnVirtualTime() {
    carts.put("ada", "apple");
    assertThat(store).buffers("ada");

    time.advance(ofSeconds(5));

    assertThat(store).hasPersisted("ada").lastFlush().wasCausedBy(FlushCause.INTERVAL);
    assertThat(ledger.toString()).contains("flush");
    assertThat(harness.directory().resolve("shop")).isDirectory();
  }

  @Test
  void aCrashTakesWhatWasNotFlushedAndTheBeansGoOn() {
    carts.put("ada", "apple");
    prices.of("apple");
    time.advance(ofSeconds(5));
    carts.put("ada", "pear");
    assertThat(harness.crash(Crash.POWER_CUT)).lostExactly("ada");
    assertThatThrownBy(() -> carts.of("ada")).hasMessageContaining("crashed");

    harness.reopen();

    assertThat(carts.of("ada")).isEqualTo("apple");
    int before = prices.questions();
    prices.of("apple");
    assertThat(prices.questions()).as("the cache has it still").isEqualTo(before);
    carts.put("ada", "plum");
    time.advance(ofSeconds(5));
    assertThat(store).hasPersisted("ada");
  }

  @Test
  void sessionsAndTheirEventsSurviveACrash() {
    NadbSession session = sessions.createSession();
    sessions.save(session);
    time.advance(ofSeconds(5));
    harness.crash(Crash.PROCESS_KILL);
    harness.reopen();

    assertThat(sessions.findById(session.getId())).isNotNull();
    time.advance(ofMinutes(31));
    assertThat(sessions.findById(session.getId())).isNull();
    assertThat(shop.takeEvents()).containsExactly("SessionCreatedEvent", "SessionExpiredEvent");
  }

  @Test
  void aDiskThatFailsIsTheApplicationsToo() {
    faults.on(Operation.SYNC).fail(new IOException("bad sector"));
    carts.put("ada", "apple");
    time.advance(ofSeconds(5));
    assertThat(store.stats().lastFailure().orElseThrow()).contains("bad sector");

    time.advance(ofSeconds(5));
    assertThat(store).hasPersisted("ada");
  }

  @Test
  void thatItWasLeftCrashedIsNothingToTheNextTest() {
    carts.put("ada", "apple");
    harness.crash(Crash.PROCESS_KILL);
  }

  @Test
  void thatItWasLeftStoppedIsNothingToTheNextTest() {
    harness.stop();
    assertThatThrownBy(() -> carts.of("ada")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatTheApplicationOpensItselfIsInTheHarnessToo() {
    try (KeyValueStore own = registry.open("nadb:fs:/own", Map.of("name", "a-b", "flush", "1s"))) {
      own.set("k", new byte[1]);
      time.advance(ofSeconds(1));
      assertThat(own).hasPersisted("k");
      assertThat(own.name()).isEqualTo("a-b");
    }
    assertThat(harness.directory().resolve("own")).isDirectory();
    assertThat(registry.status().stores()).isNotEmpty();
    assertThat(registry.drivers()).isNotEmpty();
  }

  @Test
  void anOptionThatIsGivenTwiceIsRefusedAsEver() {
    assertThatThrownBy(() -> registry.open("nadb:fs:./x?flush=1s", Map.of("flush", "2s")))
        .hasMessageContaining("flush");
    assertThatThrownBy(() -> registry.registerDriver(registry.drivers().get(0)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("service files");
    assertThatThrownBy(() -> registry.deregisterDriver(registry.drivers().get(0)))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
