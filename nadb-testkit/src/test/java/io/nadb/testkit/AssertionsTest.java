package io.nadb.testkit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each assertion passes where it should, fails where it should, and shows what the store holds. */
class AssertionsTest {
  private final NadbHarness harness = NadbHarness.create();
  private final KeyValueStore store = harness.open("nadb:fs:?flush=5s");

  /** One persisted entry with tags and TTL, and one in the buffer. */
  @BeforeEach
  void fill() {
    store.set("otp", "4711".getBytes(UTF_8), SetOptions.ttl(ofSeconds(30)).withTags("auth", "web"));
    harness.time().advance(ofSeconds(5));
    store.set("user", "Ada".getBytes(UTF_8));
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private static void expectFailure(ThrowingCallable assertion, String... parts) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(parts);
  }

  @Test
  void whatHoldsPasses() {
    assertThat(store)
        .hasSize(2)
        .containsKeys("otp")
        .containsOnlyKeys("user", "otp")
        .doesNotContainKeys("a", "b")
        .containsEntry("user", "Ada")
        .containsOnly(Map.of("otp", "4711", "user", "Ada"))
        .buffers("user")
        .hasNotPersisted("user", "absent")
        .hasPersisted("otp")
        .hasBufferedKeys(1)
        .hasFlushCount(1)
        .hasFlushFailures(0)
        .isHealthy()
        .hasIntactDirectory();
    assertThat(store).key("otp").exists().hasTags("web", "auth").hasValue("4711").isPersisted();
    assertThat(store).key("otp").expiresAt(harness.time().start().plusSeconds(30));
    assertThat(store).key("user").neverExpires().isBuffered();
    assertThat(store).key("absent").isGone();
    assertThat(store).taggedWith("web").containsExactly("otp");
    assertThat(store).stats().returns(2L, stats -> stats.sets());
    assertThat(store)
        .lastFlush()
        .wasCausedBy(FlushCause.INTERVAL)
        .happenedAt(harness.time().start().plusSeconds(5));
    assertThat(store).key("otp").expiresExactlyAfter(ofSeconds(25));
  }

  @Test
  void aFailureShowsWhatTheStoreHolds() {
    expectFailure(
        () -> assertThat(store).isEmpty(),
        "Expecting an empty store, but\nnadb:fs:",
        "holds 2 entries:",
        "\"otp\" = \"4711\" tags [auth, web] expires 2030-01-01T00:00:30Z (persisted)",
        "\"user\" = \"Ada\" (buffered)",
        "HEALTHY, 1 keys (64 of 1048576 bytes) buffered, 1 flushes, 0 failures, the last flush"
            + " caused by INTERVAL at 2030-01-01T00:00:05Z");
  }

  @Test
  void whatDoesNotHoldFails() {
    List<ThrowingCallable> wrong =
        List.of(
            () -> assertThat(store).hasSize(1),
            () -> assertThat(store).containsKeys("user", "absent"),
            () -> assertThat(store).containsOnlyKeys("user"),
            () -> assertThat(store).doesNotContainKeys("absent", "user"),
            () -> assertThat(store).containsEntry("user", "Grace"),
            () -> assertThat(store).containsOnly(Map.of("user", "Ada")),
            () -> assertThat(store).buffers("otp"),
            () -> assertThat(store).buffers("absent"),
            () -> assertThat(store).hasPersisted("user"),
            () -> assertThat(store).hasPersisted("absent"),
            () -> assertThat(store).hasNotPersisted("otp"),
            () -> assertThat(store).hasEmptyBuffer(),
            () -> assertThat(store).hasBufferedKeys(2),
            () -> assertThat(store).hasNotFlushed(),
            () -> assertThat(store).hasFlushFailures(1),
            () -> assertThat(store).isDegraded(),
            () -> assertThat(store).isClosed(),
            () -> assertThat(store).key("absent").exists(),
            () -> assertThat(store).key("user").isGone(),
            () -> assertThat(store).key("user").hasValue("Grace"),
            () -> assertThat(store).key("otp").hasTags("auth"),
            () -> assertThat(store).key("otp").neverExpires(),
            () -> assertThat(store).key("otp").expiresAt(harness.time().now()),
            () -> assertThat(store).key("otp").isBuffered(),
            () -> assertThat(store).key("user").isPersisted(),
            () -> assertThat(store).lastFlush().wasCausedBy(FlushCause.SIZE),
            () -> assertThat(store).lastFlush().happenedAt(harness.time().now().plusMillis(1)),
            () -> assertThat(store).key("user").expiresExactlyAfter(ofSeconds(1)),
            () -> assertThat(store).key("otp").expiresExactlyAfter(ofSeconds(60)));
    for (ThrowingCallable assertion : wrong) {
      expectFailure(assertion, "Expecting");
    }
  }

  @Test
  void aCrashReportSaysWhatWasExpected() {
    CrashReport report = harness.crash(Crash.POWER_CUT);
    expectFailure(() -> assertThat(report).lostNothing(), "lost nothing", "#2 SET \"user\"");
    expectFailure(
        () -> assertThat(report).lostExactly("otp"),
        "lost exactly writes of \"otp\" (missing: \"otp\"; unexpected: \"user\")");
    expectFailure(() -> assertThat(report).kept("user"), "kept \"user\"");
    expectFailure(() -> assertThat(report).lostAtMost(2), "lost at most 2 bytes");
  }

  @Test
  void whatIsMissingAndWhatIsUnexpectedIsSaid() {
    expectFailure(
        () -> assertThat(store).containsOnlyKeys("otp", "gone"),
        """
        Expecting exactly the keys "gone", "otp", but
        missing: "gone"; unexpected: "user"
        nadb:fs:""");
    expectFailure(
        () -> assertThat(store).containsOnly(Map.of("otp", "4712", "gone", "x")),
        "but\nmissing: \"gone\"; unexpected: \"user\"; \"otp\" is \"4711\" instead of \"4712\", from byte 3 on\n");
    String long1 = "x".repeat(1000) + "a";
    store.set("user", long1.getBytes(UTF_8));
    assertThat(store).containsOnly(Map.of("otp", "4711", "user", long1));
    expectFailure(
        () -> assertThat(store).containsOnly(Map.of("otp", "4711", "user", "x".repeat(1000) + "b")),
        "from byte 1000 on");
    expectFailure(
        () -> assertThat(store).key("otp").hasTags("web", "mail"),
        "to have exactly the tags \"mail\", \"web\" (missing: \"mail\"; unexpected: \"auth\")");
    expectFailure(() -> assertThat(store).containsKeys("user", "a", "b"), "keys \"a\", \"b\", but");
  }

  @Test
  void textIsShownAsTextAndAllElseInDigits() {
    store.set("emoji 😀", "zwölf Äpfel 😀\n".getBytes(UTF_8));
    store.set("long", "text ".repeat(1000).getBytes(UTF_8));
    store.set("zeros", new byte[3]);
    store.set("binary", new byte[] {(byte) 0xff, 'a'});
    expectFailure(
        () -> assertThat(store).isEmpty(),
        "\"emoji 😀\" = \"zwölf Äpfel 😀\\u000a\"",
        "\"long\" = \"" + "text ".repeat(12) + "…\" (5000 bytes)",
        "\"zeros\" = 0x000000 (3 bytes)",
        "\"binary\" = 0xff61 (2 bytes)");
  }

  @Test
  @SuppressWarnings("NullAway") // that is the point
  void aStoreThatIsNullFailsAsAnythingElseDoes() {
    KeyValueStore none = null;
    List<ThrowingCallable> assertions =
        List.of(
            () -> assertThat(none).isEmpty(),
            () -> assertThat(none).hasSize(1),
            () -> assertThat(none).containsKeys("k"),
            () -> assertThat(none).containsOnlyKeys("k"),
            () -> assertThat(none).doesNotContainKeys("k"),
            () -> assertThat(none).containsEntry("k", "v"),
            () -> assertThat(none).containsOnly(Map.of()),
            () -> assertThat(none).key("k"),
            () -> assertThat(none).taggedWith("t"),
            () -> assertThat(none).buffers("k"),
            () -> assertThat(none).hasPersisted("k"),
            () -> assertThat(none).hasNotPersisted("k"),
            () -> assertThat(none).hasEmptyBuffer(),
            () -> assertThat(none).hasBufferedKeys(1),
            () -> assertThat(none).hasFlushCount(1),
            () -> assertThat(none).hasNotFlushed(),
            () -> assertThat(none).hasFlushFailures(1),
            () -> assertThat(none).lastFlush(),
            () -> assertThat(none).isHealthy(),
            () -> assertThat(none).isDegraded(),
            () -> assertThat(none).isClosed(),
            () -> assertThat(none).hasIntactDirectory(),
            () -> assertThat(none).stats(),
            () -> new EntryAssert(null).exists(),
            () -> new EntryAssert(null).hasTags(),
            () -> new EntryAssert(null).expiresExactlyAfter(ofSeconds(1)),
            () -> assertThat((CrashReport) null).lostNothing(),
            () -> assertThat((CrashReport) null).lostExactly("k"),
            () -> assertThat((CrashReport) null).kept("k"),
            () -> assertThat((CrashReport) null).lostAtMost(1),
            () -> NadbSoftAssertions.assertSoftly(softly -> softly.assertThat(none).isEmpty()));
    for (ThrowingCallable assertion : assertions) {
      expectFailure(assertion, "Expecting actual not to be null");
    }
  }

  @Test
  void softAssertionsAreAllMade() {
    expectFailure(
        () ->
            NadbSoftAssertions.assertSoftly(
                softly -> {
                  softly.assertThat(store).hasSize(7).hasSize(2).hasEmptyBuffer();
                  softly.assertThatKey(store, "otp").hasValue("4712").isPersisted();
                }),
        "7 entries",
        "an empty buffer",
        "to be \"4712\"");
    NadbSoftAssertions.assertSoftly(softly -> softly.assertThat(store).hasSize(2));
  }

  @Test
  void onlyAHarnessKnowsWhatIsDurable() {
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime());
        KeyValueStore plain = registry.open("nadb:mem:plain")) {
      plain.set("k", new byte[300]);
      assertThatThrownBy(() -> assertThat(plain).buffers("k"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("open it through @NadbStore or NadbHarness");
      expectFailure(() -> assertThat(plain).isEmpty(), "\"k\" = 0x00000000", "(300 bytes)");
    }
  }

  @Test
  void aDamagedFileIsFound() throws IOException {
    for (Path file : Directories.files(harness.directory())) {
      if (file.toString().endsWith(".seg")) {
        try (RandomAccessFile segment = new RandomAccessFile(file.toFile(), "rw")) {
          byte[] content = new byte[300];
          segment.readFully(content);
          int at =
              new String(content, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("4711");
          segment.seek(at);
          segment.write('X');
        }
      }
    }
    expectFailure(() -> assertThat(store).hasIntactDirectory(), "an intact directory");
  }

  @Test
  void aStoreWithoutADirectoryHasNoneThatCouldBeIntact() {
    assertThatThrownBy(() -> assertThat(harness.open("nadb:mem:")).hasIntactDirectory())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no directory that could be looked at");
  }
}
