package io.nadb.junit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.testkit.Faults;
import io.nadb.testkit.Ledger;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a store can be injected, and to whom it belongs. */
class InjectionTest extends Injection {
  static class InstanceFields {
    @NadbStore private KeyValueStore one;
    @NadbStore private KeyValueStore two;
    @NadbStore private VirtualTime time;
    @NadbStore private Faults faults;
    @NadbStore private NadbHarness harness;
    @NadbStore private Ledger ledger;

    @RepeatedTest(3)
    void areNewInEachTest(VirtualTime sameTime, NadbHarness sameHarness) {
      expectNew(one);
      expectNew(two);
      assertThat(time).isSameAs(sameTime).isSameAs(harness.time());
      assertThat(harness).isSameAs(sameHarness);
      assertThat(faults).isSameAs(harness.faults());
      assertThat(ledger).isSameAs(harness.ledger());
      time.advance(ofSeconds(5));
      assertThat(one).hasPersisted("seen");
      assertThat(two).hasPersisted("seen");
    }
  }

  static class StaticFields {
    @NadbStore static KeyValueStore shared;
    static @Nullable VirtualTime seen;

    @BeforeAll
    static void isThereBeforeAllTests() {
      expectNew(shared);
    }

    @RepeatedTest(2)
    void isTheSameInAllTests(VirtualTime time) {
      assertThat(shared).containsOnlyKeys("seen");
      assertThat(seen == null || seen == time).isTrue();
      seen = time;
    }
  }

  static class ConstructorParameter {
    final KeyValueStore store;
    final VirtualTime time;

    ConstructorParameter(@NadbStore KeyValueStore store, VirtualTime time) {
      this.store = store;
      this.time = time;
      expectNew(store);
    }

    @RepeatedTest(2)
    void belongsToOneTest(VirtualTime same) {
      assertThat(store).containsOnlyKeys("seen");
      assertThat(time).isSameAs(same);
    }
  }

  record OfRecord(@NadbStore KeyValueStore store, @NadbStore VirtualTime time) {

    @RepeatedTest(2)
    void belongsToOneTest(VirtualTime same) {
      expectNew(store);
      assertThat(time).isSameAs(same);
    }
  }

  record Compact(@SmallStore KeyValueStore store) {
    Compact {
      expectNew(store);
    }

    @Test
    void belongsToOneTest(@NadbStore KeyValueStore other) {
      assertThat(store).containsOnlyKeys("seen");
      assertThat(store.url()).startsWith("nadb:mem:");
      expectNew(other);
    }
  }

  /** What Kotlin makes of a property in a constructor: both are annotated. */
  abstract static class FinalFields {
    @NadbStore final KeyValueStore store;

    FinalFields(KeyValueStore store) {
      this.store = store;
    }
  }

  static class Inheriting extends FinalFields {
    @NadbStore private final Faults faults;
    @NadbStore private KeyValueStore other;

    Inheriting(@NadbStore KeyValueStore store, @NadbStore Faults faults) {
      super(store);
      this.faults = faults;
    }

    @RepeatedTest(2)
    void areSetByTheConstructor(NadbHarness harness) {
      expectNew(store);
      expectNew(other);
      assertThat(faults).isSameAs(harness.faults());
    }

    @Nested
    class Inner {
      @NadbStore private final KeyValueStore inner;

      Inner(@NadbStore KeyValueStore inner) {
        this.inner = inner;
      }

      @RepeatedTest(2)
      void both() {
        expectNew(store);
        expectNew(inner);
      }
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class FinalPerClass {
    @NadbStore private final KeyValueStore store;
    private int count;

    FinalPerClass(@NadbStore KeyValueStore store) {
      this.store = store;
    }

    @RepeatedTest(2)
    void test(NadbHarness harness) {
      store.set("k" + count++, VALUE);
      assertThat(store).hasSize(count);
      assertThat(harness.store()).isEmpty();
    }
  }

  @ParameterizedClass
  @ValueSource(strings = {"a", "b"})
  record Parameterized(String key, @NadbStore KeyValueStore store) {

    @RepeatedTest(2)
    void test() {
      expectNew(store);
      store.set(key, VALUE);
      assertThat(store).containsOnlyKeys(key, "seen");
    }
  }

  static class LifecycleParameters {
    static final List<KeyValueStore> SEEN = new ArrayList<>();

    @BeforeAll
    static void beforeAll(@NadbStore(name = "class") KeyValueStore store) {
      expectNew(store);
    }

    @BeforeEach
    void beforeEach(@NadbStore(name = "mine") KeyValueStore mine, @NadbStore KeyValueStore other) {
      expectNew(mine);
      expectNew(other);
    }

    @RepeatedTest(2)
    void test(@NadbStore(name = "mine") KeyValueStore mine, @NadbStore KeyValueStore other) {
      assertThat(mine).containsOnlyKeys("seen");
      expectNew(other);
    }

    @AfterEach
    void afterEach(@NadbStore(name = "mine") KeyValueStore mine) {
      assertThat(mine).containsOnlyKeys("seen");
    }

    @AfterAll
    static void afterAll(@NadbStore(name = "class") KeyValueStore store) {
      assertThat(store).containsOnlyKeys("seen");
    }
  }

  @NadbStore(value = "nadb:mem:", with = "buffer=1kb")
  @Retention(RetentionPolicy.RUNTIME)
  @interface SmallStore {}

  static class MetaAnnotation {
    @SuppressWarnings("NullAway.Init") // NullAway does not look through the annotation.
    @SmallStore
    private KeyValueStore field;

    @Test
    void isFollowed(@SmallStore KeyValueStore parameter) {
      for (KeyValueStore store : List.of(field, parameter)) {
        expectNew(store);
        assertThat(store.url()).startsWith("nadb:mem:").endsWith("?buffer=1kb");
        assertThat(store.stats().bufferLimitBytes()).isEqualTo(1024);
      }
    }
  }

  static class Outer {
    @NadbStore private KeyValueStore outer;

    @Test
    void alone() {
      expectNew(outer);
    }

    @Nested
    class Inner {
      @NadbStore private KeyValueStore inner;

      @RepeatedTest(2)
      void both(NadbHarness harness) {
        expectNew(outer);
        expectNew(inner);
        harness.time().advance(ofSeconds(5));
        assertThat(outer).hasPersisted("seen");
        assertThat(inner).hasPersisted("seen");
      }
    }

    @Nested
    class Plain {
      @Test
      void seesTheOuterStore() {
        expectNew(outer);
      }
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClass {
    @NadbStore private KeyValueStore field;
    private final KeyValueStore constructed;
    private int count;

    PerClass(@NadbStore KeyValueStore constructed) {
      this.constructed = constructed;
    }

    @RepeatedTest(2)
    void test(@NadbStore KeyValueStore parameter) {
      expectNew(field);
      expectNew(parameter);
      constructed.set("k" + count++, VALUE);
      assertThat(constructed).hasSize(count);
    }
  }

  static class Templates {
    @NadbStore private KeyValueStore field;

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void parameterized(String key, @NadbStore KeyValueStore store) {
      expectNew(field);
      expectNew(store);
      store.set(key, VALUE);
      assertThat(store).containsOnlyKeys(key, "seen");
    }

    @TestFactory
    Stream<DynamicTest> dynamic(NadbHarness harness) {
      return Stream.of("a", "b")
          .map(name -> DynamicTest.dynamicTest(name, () -> expectNew(harness.fresh().store())));
    }
  }

  @Test
  void instanceFieldsBelongToOneTest() {
    Engine.run(InstanceFields.class).expectPassed(3);
  }

  @Test
  void staticFieldsBelongToTheClass() {
    Engine.run(StaticFields.class).expectPassed(2);
    assertThat(StaticFields.shared).isClosed();
  }

  @Test
  void constructorParametersBelongToOneTest() {
    Engine.run(ConstructorParameter.class).expectPassed(2);
  }

  @Test
  void componentsOfRecordsBelongToOneTest() {
    Engine.run(OfRecord.class).expectPassed(2);
    Engine.run(Compact.class).expectPassed(1);
  }

  @Test
  void finalFieldsMayBeSetByTheConstructor() {
    Engine.run(Inheriting.class).expectPassed(4);
    Engine.run(FinalPerClass.class).expectPassed(2);
    Engine.run(Parameterized.class).expectPassed(4);
  }

  @Test
  void parametersOfLifecycleMethodsMeetThoseOfTheSameName() {
    Engine.run(LifecycleParameters.class).expectPassed(2);
  }

  @Test
  void anAnnotationOfTheUsersOwnIsFollowed() {
    Engine.run(MetaAnnotation.class).expectPassed(1);
  }

  @Test
  void nestedClassesHaveTheirOwnStoresAndThoseAround() {
    Engine.run(Outer.class).expectPassed(4);
  }

  @Test
  void oneInstanceForAllTestsGetsNewStoresForEach() {
    Engine.run(PerClass.class).expectPassed(2);
  }

  @Test
  void parameterizedAndDynamicTestsHaveStoresOfTheirOwn() {
    Engine.run(Templates.class).expectPassed(4);
  }
}
