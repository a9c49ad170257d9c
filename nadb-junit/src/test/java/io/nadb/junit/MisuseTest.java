package io.nadb.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.testkit.NadbHarness;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What can't work is refused, and the message says what to do. */
class MisuseTest {
  private static final Map<String, String> PARALLEL =
      Map.of(
          "junit.jupiter.execution.parallel.enabled", "true",
          "junit.jupiter.execution.parallel.mode.default", "concurrent",
          "junit.jupiter.execution.parallel.mode.classes.default", "concurrent");

  private static void expect(Engine engine, String... parts) {
    assertThat(engine.failures()).isNotEmpty();
    assertThat(engine.failures().get(0)).contains(parts);
  }

  static class FinalField {
    @NadbStore private final KeyValueStore store = null;

    @Test
    void test() {
      assertThat(store).isNull();
    }
  }

  @Test
  void aFinalField() {
    expect(
        Engine.run(FinalField.class),
        "FinalField.store",
        "must not be final, unless the constructor has a parameter with @NadbStore");
  }

  static class FinalFieldWithAnotherStore {
    @NadbStore private final KeyValueStore store;

    FinalFieldWithAnotherStore(@NadbStore NadbHarness harness) {
      store = harness.fresh().store();
    }

    @Test
    void test() {
      assertThat(store).isNotNull();
    }
  }

  @Test
  void aFinalFieldWithAStoreThatWasNotInjected() {
    expect(Engine.run(FinalFieldWithAnotherStore.class), "must not be final, unless");
  }

  static class FinalStaticField {
    @NadbStore static final @Nullable KeyValueStore STORE = null;

    @Test
    void test() {
      assertThat(STORE).isNull();
    }
  }

  @Test
  void aFinalStaticField() {
    expect(Engine.run(FinalStaticField.class), "must not be final");
  }

  static class WrongType {
    @Test
    void test(@NadbStore String store) {
      assertThat(store).isNull();
    }
  }

  @Test
  void anotherType() {
    expect(Engine.run(WrongType.class), "[java.lang.String] can't be injected; it must be");
  }

  static class DifferentTwins {
    @Test
    void test(
        @NadbStore(name = "x") KeyValueStore one,
        @NadbStore(name = "x", with = "flush=off") KeyValueStore two) {
      assertThat(one).isSameAs(two);
    }
  }

  @Test
  void oneNameForTwoStores() {
    expect(Engine.run(DifferentTwins.class), "two declarations of the store named [x] differ");
  }

  static class BadOption {
    @Test
    void test(@NadbStore(with = "flsh=5s") KeyValueStore store) {
      assertThat(store).isNotNull();
    }
  }

  @Test
  void anUnknownOption() {
    expect(Engine.run(BadOption.class), "Did you mean 'flush'?");
  }

  static class BadSeed {
    @Test
    void test(@NadbStore KeyValueStore store) {
      assertThat(store).isNotNull();
    }
  }

  @Test
  void aSeedThatIsNoNumber() {
    expect(
        Engine.run(Map.of("nadb.test.seed", "x"), BadSeed.class),
        "nadb.test.seed=x: a whole number is needed");
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @Execution(ExecutionMode.CONCURRENT)
  static class SharedInstance {
    @NadbStore private KeyValueStore store;

    @Test
    void test() {
      assertThat(store).isNotNull();
    }
  }

  @Test
  void aFieldOfAnInstanceThatParallelTestsShare() {
    expect(
        Engine.run(PARALLEL, SharedInstance.class),
        "SharedInstance.store",
        "use a parameter of the test instead");
    Engine.run(SharedInstance.class).expectPassed(1);
  }

  static class Base {
    @NadbStore static KeyValueStore inherited;

    @Test
    void test() {
      assertThat(inherited).isNotNull();
    }
  }

  static class Derived extends Base {}

  @Execution(ExecutionMode.SAME_THREAD)
  static class DerivedAlone extends Base {}

  @Test
  void aStaticFieldThatParallelSubclassesInherit() {
    expect(
        Engine.run(PARALLEL, Derived.class),
        "Base.inherited",
        "declare it in the subclass [io.nadb.junit.MisuseTest$Derived]");
    Engine.run(PARALLEL, Base.class).expectPassed(1);
    Engine.run(PARALLEL, DerivedAlone.class).expectPassed(1);
  }
}
