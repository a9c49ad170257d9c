package io.nadb.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.spring.boot.test.ShopApplication.Carts;
import io.nadb.testkit.Check;
import io.nadb.testkit.Crash;
import io.nadb.testkit.Faults;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Spring keeps a context for all test classes of one configuration, and its harness with it. */
class SharedContextTest {
  private static final List<NadbHarness> SEEN = new ArrayList<>();

  @SpringBootTest(classes = ShopApplication.class, properties = "nadb.url=nadb:fs:./shared")
  @AutoConfigureTestNadb
  abstract static class Base {
    @Autowired NadbHarness harness;
    @Autowired VirtualTime time;
    @Autowired Carts carts;

    void seen() {
      SEEN.add(harness);
    }
  }

  @Order(1)
  static class First extends Base {
    @Test
    void storesAndCrashes() {
      seen();
      carts.put("ada", "apple");
      time.advance(Duration.ofSeconds(5));
      harness.crash(Crash.POWER_CUT);
    }
  }

  @Order(2)
  @DirtiesContext
  static class Second extends Base {
    @Test
    void findsTheApplicationRunningAndWhatIsThere() {
      seen();
      assertThat(carts.of("ada")).isEqualTo("apple");
      assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(5));
    }
  }

  /** A class within another one has its application. */
  @Order(1)
  static class Around extends Base {
    @Nested
    class Within {
      @Test
      void isTheSame() {
        seen();
      }
    }
  }

  @Test
  void classesShareAContextAndNothingIsLeaked() {
    SEEN.clear();
    assertThat(failures(First.class, Around.class, Second.class)).isEmpty();

    assertThat(SEEN).hasSize(3).containsOnly(SEEN.get(0));
    assertThat(NadbHarness.running(SEEN.get(0).name())).as("closed with the context").isEmpty();
    assertThat(SEEN.get(0).check()).isEmpty();
  }

  @DirtiesContext
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Faulty extends Base {
    @Autowired Faults faults;

    @Test
    @Order(1)
    void plansAFaultThatNeverComes() {
      faults.on(Operation.SYNC).nth(7).fail(new IOException("never"));
    }

    @Test
    @Order(2)
    void isStruckByNoFaultOfAnotherTest() {
      for (int i = 0; i < 10; i++) {
        carts.put("ada", "apple " + i);
        time.advance(Duration.ofSeconds(5));
      }
      assertThat(harness.store().stats().lastFailure()).isEmpty();
    }
  }

  @Test
  void onlyTheTestThatPlannedAFaultFailsIfItNeverFires() {
    assertThat(failures(Faulty.class))
        .singleElement()
        .asString()
        .startsWith("fault never fired: ")
        .contains("7");
  }

  @SpringBootTest(classes = ShopApplication.class, properties = "nadb.url=nadb:redis://nowhere")
  @AutoConfigureTestNadb(url = "nadb:fs:./instead", lenient = Check.UNFIRED_FAULTS)
  @DirtiesContext
  static class Elsewhere {
    @Autowired KeyValueStore store;
    @Autowired Faults faults;

    @Test
    void hasTheUrlOfTheTestAndIsLenient() {
      assertThat(store.url()).startsWith("nadb:fs:./instead");
      faults.on(Operation.SYNC).nth(7).fail(new IOException("never"));
    }
  }

  /** No auto-configuration but that which the annotation brings; and a registry of its own. */
  @Configuration
  static class Plain {
    @Bean
    StoreRegistry mine() {
      return StoreRegistry.create();
    }
  }

  @SpringBootTest(classes = Plain.class)
  @TestPropertySource(properties = "nadb.stores.orders.url=nadb:fs:./orders")
  @AutoConfigureTestNadb
  @DirtiesContext
  static class Sliced {
    @Autowired KeyValueStore ordersNadbStore;
    @Autowired NadbHarness harness;

    @Test
    void hasItsStoresInTheHarness() {
      assertThat(harness.urlOf(ordersNadbStore)).startsWith("nadb:fs:./orders");
    }
  }

  @Test
  void theUrlMayBeTheTestsAndTheAutoConfigurationItsOwn() {
    assertThat(failures(Elsewhere.class, Sliced.class)).isEmpty();
  }

  private static List<String> failures(Class<?>... classes) {
    EngineTestKit.Builder builder =
        EngineTestKit.engine("junit-jupiter")
            .configurationParameter(
                ClassOrderer.DEFAULT_ORDER_PROPERTY_NAME,
                ClassOrderer.OrderAnnotation.class.getName());
    for (Class<?> type : classes) {
      builder.selectors(selectClass(type));
    }
    EngineExecutionResults results = builder.execute();
    assertThat(results.testEvents().started().count()).isPositive();
    return results.allEvents().finished().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .flatMap(result -> result.getThrowable().stream())
        .map(Throwable::getMessage)
        .toList();
  }
}
