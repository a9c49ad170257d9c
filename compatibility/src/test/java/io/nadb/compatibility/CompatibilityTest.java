package io.nadb.compatibility;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.junit.NadbExtension;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Crash;
import io.nadb.testkit.Faults;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.NadbSoftAssertions;
import io.nadb.testkit.Operation;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that nadb-junit and nadb-testkit use of JUnit and AssertJ, used once. */
class CompatibilityTest {
  private static final Instant START = Instant.parse("2040-01-01T00:00:00Z");

  @RegisterExtension
  static final NadbExtension NADB = NadbExtension.with(HarnessSettings.DEFAULT.withStart(START));

  @NadbStore private static KeyValueStore shared;
  @NadbStore private KeyValueStore field;
  private final KeyValueStore constructed;

  CompatibilityTest(@NadbStore KeyValueStore constructed) {
    this.constructed = constructed;
  }

  @BeforeEach
  void fill(VirtualTime time) {
    assertThat(field).isEmpty();
    assertThat(constructed).isEmpty();
    field.set("k", "v".getBytes(UTF_8), SetOptions.ttl(ofSeconds(30)).withTags("t"));
    constructed.set("k", new byte[1]);
    assertThat(time.now()).isEqualTo(START);
  }

  @Test
  void theVersionsAreThoseToBeTested() {
    assertThat(Test.class.getPackage().getImplementationVersion())
        .isEqualTo(System.getProperty("expected.junit"));
    assertThat(Assertions.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .contains("assertj-core-" + System.getProperty("expected.assertj") + ".jar");
  }

  @Test
  void timeIsVirtual(VirtualTime time) {
    time.advance(ofSeconds(5));
    assertThat(field)
        .hasPersisted("k")
        .hasIntactDirectory()
        .lastFlush()
        .wasCausedBy(FlushCause.INTERVAL);
    assertThat(field).taggedWith("t").containsExactly("k");
    assertThat(field).key("k").expiresExactlyAfter(ofSeconds(25));
    assertThat(shared).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void processesCrash(Crash crash, NadbHarness harness) {
    assertThat(harness.crash(crash)).lostExactly("k", "k");
    harness.reopen();
    assertThat(field).isEmpty();
  }

  @Test
  void disksFail(Faults faults) {
    faults.on(Operation.SYNC).fail(new IOException("bad sector"));
    assertThatThrownBy(field::flush).hasMessageContaining("bad sector");
    assertThat(field).isDegraded();
  }

  @Test
  void failuresShowTheStoreAndSoftOnesAreCollected() {
    assertThatThrownBy(() -> assertThat(field).isEmpty())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"k\" = \"v\" tags [t]");
    assertThatThrownBy(
            () ->
                NadbSoftAssertions.assertSoftly(
                    softly -> {
                      softly.assertThat(field).hasSize(2).hasEmptyBuffer();
                      softly.assertThatKey(field, "k").isPersisted();
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("2 entries", "an empty buffer", "to be persisted");
  }

  @TestFactory
  Stream<DynamicTest> dynamicTests(NadbHarness harness) {
    return Stream.of(1, 2)
        .map(
            number ->
                DynamicTest.dynamicTest(
                    "number " + number, () -> assertThat(harness.fresh().store()).isEmpty()));
  }

  @Nested
  class Inner {
    @NadbStore private KeyValueStore inner;

    @Test
    void seesBothStores() {
      assertThat(inner).isEmpty();
      assertThat(field).hasSize(1);
    }
  }
}
