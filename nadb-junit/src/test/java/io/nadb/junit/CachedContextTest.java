package io.nadb.junit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/** A harness belongs to an application that several test classes share, as Spring caches it. */
class CachedContextTest {
  private static final Map<String, Application> CACHE = new HashMap<>();

  /** An application that opens its store by the URL in its configuration. */
  static class Application implements AutoCloseable {
    final KeyValueStore store;

    Application(String url) {
      store = NadbDriverManager.open(url);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** One that brings the harness, and ends it. */
  static final class TestedApplication extends Application {
    final NadbHarness harness;

    private TestedApplication(NadbHarness harness) {
      super("nadb:test:app:fs:./data?flush=5s");
      this.harness = harness;
    }

    static TestedApplication start() {
      return new TestedApplication(NadbHarness.create(HarnessSettings.DEFAULT.withName("app")));
    }

    @Override
    public void close() {
      super.close();
      harness.close();
    }
  }

  /** Gives each test instance the application, started by whoever comes first. */
  static final class Cache implements TestInstancePostProcessor {
    @Override
    public void postProcessTestInstance(Object test, ExtensionContext context) {
      ((Base) test).application =
          (TestedApplication) CACHE.computeIfAbsent("app", name -> TestedApplication.start());
    }
  }

  @ExtendWith(Cache.class)
  abstract static class Base {
    @SuppressWarnings("NullAway.Init") // by the cache
    TestedApplication application;

    @NadbStore(with = "flush=5s")
    private KeyValueStore own;

    @RepeatedTest(2)
    void itsStoreLivesOnAndHasTimeOfItsOwn(NadbHarness mine) {
      int before = application.store.keys("").size();
      application.store.set("k" + before, new byte[10]);
      own.set("k", new byte[10]);
      application.harness.time().advance(ofSeconds(5));

      assertThat(application.store).hasSize(before + 1).hasPersisted("k" + before);
      assertThat(own).hasSize(1).buffers("k");
      try (KeyValueStore plain = NadbDriverManager.open("nadb:test:fs:./data")) {
        assertThat(plain).isEmpty();
        assertThat(mine.directory().resolve("data")).isDirectory();
      }
    }
  }

  static class First extends Base {}

  static class Second extends Base {}

  @AfterEach
  void endTheCache() {
    CACHE.values().forEach(Application::close);
    CACHE.clear();
  }

  @Test
  void classesShareAnApplicationWhoseHarnessIsItsOwn() {
    Engine.run(Map.of(), First.class, Second.class).expectPassed(4);
    TestedApplication application = (TestedApplication) Objects.requireNonNull(CACHE.get("app"));
    assertThat(application.store).hasSize(4);

    application.close();
    assertThat(application.harness.check()).isEmpty();
    assertThat(NadbHarness.running("app")).isEmpty();
  }

  static class Forgetful {
    @NadbStore private NadbHarness harness;

    @Test
    void leavesTheApplicationRunning() {
      CACHE.put("app", new Application(harness.testUrl("nadb:mem:x")));
    }
  }

  @Test
  void anApplicationThatOutlivesTheTestsHarnessIsToldToBringItsOwn() {
    assertThat(Engine.run(Map.of("nadb.test.kept", "target/nadb-kept"), Forgetful.class).failures())
        .singleElement()
        .asString()
        .contains("leaked handle on nadb:mem:x")
        .contains("cached application context, give that a harness of its own");
  }
}
