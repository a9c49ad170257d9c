package io.nadb.junit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An extension in a field says what the annotation can't. */
class RegisteredExtensionTest {
  private static final Instant NEW_YEAR = Instant.parse("2000-01-01T00:00:00Z");

  @RegisterExtension
  static final NadbExtension NADB =
      NadbExtension.with(
          HarnessSettings.DEFAULT.withUrl("nadb:mem:?flush=7s").withStart(NEW_YEAR).withSeed(42));

  @NadbStore private KeyValueStore field;

  @Test
  void itsSettingsHoldForAllStores(KeyValueStore store, VirtualTime time, NadbHarness harness) {
    assertThat(time.now()).isEqualTo(NEW_YEAR);
    assertThat(store.url()).startsWith("nadb:mem:").endsWith("?flush=7s");
    assertThat(field.url()).startsWith("nadb:mem:").endsWith("?flush=7s");
    assertThat(harness.seed()).isEqualTo(42);
    assertThat(harness.random().nextInt()).isEqualTo(new java.util.Random(42).nextInt());
    assertThat(store).isEmpty();
  }

  static class InstanceExtension {
    @RegisterExtension
    final NadbExtension nadb = NadbExtension.with(HarnessSettings.DEFAULT.withStart(NEW_YEAR));

    @NadbStore private KeyValueStore field;

    @Test
    void works(KeyValueStore store, VirtualTime time) {
      assertThat(time.now()).isEqualTo(NEW_YEAR);
      assertThat(store).isSameAs(field);
    }
  }

  @Test
  void itMayBeInAnInstanceField() {
    Engine.run(InstanceExtension.class).expectPassed(1);
  }

  static class TwoExtensions {
    @RegisterExtension static final NadbExtension ONE = NadbExtension.with(HarnessSettings.DEFAULT);
    @RegisterExtension static final NadbExtension TWO = NadbExtension.with(HarnessSettings.DEFAULT);

    @Test
    void isRefused(KeyValueStore store) {
      assertThat(store).isEmpty();
    }
  }

  @Test
  void twoInOneClassAreRefused() {
    assertThat(Engine.run(TwoExtensions.class).failures())
        .singleElement()
        .asString()
        .contains("registers more than one NadbExtension");
  }
}
