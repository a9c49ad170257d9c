package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.Immutable;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is refused, with which words; and it changes nothing. */
interface BadInputContract extends Fixture {

  /** A use of a key. */
  @Immutable
  interface KeyUse {
    void with(KeyValueStore store, String key);
  }

  /** All methods that take a key. */
  enum KeyMethod {
    SET((store, key) -> store.set(key, utf8("x"))),
    SET_WITH_OPTIONS((store, key) -> store.set(key, utf8("x"), SetOptions.tags("x"))),
    GET(KeyValueStore::get),
    CONTAINS(KeyValueStore::contains),
    DELETE(KeyValueStore::delete),
    METADATA(KeyValueStore::metadata);

    private final KeyUse use;

    KeyMethod(KeyUse use) {
      this.use = use;
    }
  }

  private void expectRefusedKey(String key, String message) {
    for (KeyMethod method : KeyMethod.values()) {
      expectRefused(IllegalArgumentException.class, message, () -> method.use.with(store(), key));
    }
  }

  private void expectRefused(
      Class<? extends Exception> type, String message, ThrowingCallable call) {
    if (!store().contains("k")) {
      store().set("k", utf8("v"), can(Capability.TAGS) ? SetOptions.tags("t") : SetOptions.none());
    }
    long sequence = store().stats().sequence();
    long bytes = store().stats().bufferedBytes();
    assertThatThrownBy(call).isExactlyInstanceOf(type).hasMessage(message);
    assertThat(store().stats().sequence()).isEqualTo(sequence);
    assertThat(store().stats().bufferedBytes()).isEqualTo(bytes);
    assertThat(store().keys("")).containsExactly("k");
    if (can(Capability.TAGS)) {
      assertThat(store().queryByTags("t")).hasSize(1);
    }
  }

  @Test
  default void aNullKeyIsRefused() {
    for (KeyMethod method : KeyMethod.values()) {
      expectRefused(NullPointerException.class, "key", () -> method.use.with(store(), nothing()));
    }
  }

  @Test
  default void anEmptyKeyIsRefused() {
    expectRefusedKey("", "the key is empty");
  }

  @Test
  default void aKeyOfMoreThan64KibIsRefused() {
    expectRefusedKey(
        "k".repeat(65537),
        "the key '%s…' has 65537 bytes in UTF-8; at most 65536 are allowed"
            .formatted("k".repeat(40)));
  }

  @Test
  default void aKeyIsMeasuredInUtf8() {
    expectRefusedKey(
        "\u20ac".repeat(21846),
        "the key '%s…' has 65538 bytes in UTF-8; at most 65536 are allowed"
            .formatted("\u20ac".repeat(40)));
  }

  @Test
  default void aKeyWithAnUnpairedSurrogateIsRefused() {
    for (char surrogate : new char[] {0xd800, 0xdbff, 0xdc00, 0xdfff}) {
      String key = "ab" + surrogate;
      expectRefusedKey(
          key,
          "the key '%s' has an unpaired surrogate at index 2, which no encoding can keep"
              .formatted(key));
      String middle = "\ud83d\ude00" + surrogate + "c";
      expectRefusedKey(
          middle,
          "the key '%s' has an unpaired surrogate at index 2, which no encoding can keep"
              .formatted(middle));
    }
  }

  @Test
  default void aNullValueIsRefused() {
    expectRefused(
        NullPointerException.class, "value", () -> store().set("k", BadInputContract.nothing()));
  }

  @Test
  default void nullOptionsAreRefused() {
    expectRefused(
        NullPointerException.class,
        "options",
        () -> store().set("k", utf8("x"), BadInputContract.nothing()));
  }

  @Test
  @Requires(Capability.TAGS)
  default void aNullTagIsRefused() {
    expectRefused(NullPointerException.class, "tag", () -> SetOptions.tags("a", nothing()));
    expectRefused(NullPointerException.class, "tag", () -> store().queryByTags("a", nothing()));
    String[] none = nothing();
    expectRefused(NullPointerException.class, "tags", () -> SetOptions.tags(none));
    expectRefused(NullPointerException.class, "tags", () -> store().queryByTags(none));
  }

  @Test
  @Requires(Capability.TAGS)
  default void anEmptyTagIsRefused() {
    String message = "a tag is empty; tags are non-empty strings";
    expectRefused(IllegalArgumentException.class, message, () -> SetOptions.tags("a", ""));
    expectRefused(IllegalArgumentException.class, message, () -> store().queryByTags(""));
  }

  @Test
  @Requires(Capability.TAGS)
  default void aTagOfMoreThanOneKibIsRefused() {
    String tag = "t".repeat(1025);
    String message =
        "the tag '%s…' has 1025 bytes in UTF-8; at most 1024 are allowed".formatted("t".repeat(40));
    expectRefused(
        IllegalArgumentException.class,
        message,
        () -> store().set("k", utf8("x"), SetOptions.tags(tag)));
    expectRefused(IllegalArgumentException.class, message, () -> store().queryByTags(tag));
  }

  @Test
  @Requires(Capability.TAGS)
  default void aTagWithAnUnpairedSurrogateIsRefused() {
    String message =
        "the tag '\udc00' has an unpaired surrogate at index 0, which no encoding can keep";
    expectRefused(
        IllegalArgumentException.class,
        message,
        () -> store().set("k", utf8("x"), SetOptions.tags("\udc00")));
    expectRefused(IllegalArgumentException.class, message, () -> store().queryByTags("\udc00"));
  }

  @Test
  @Requires(Capability.TAGS)
  default void moreThanAThousandTagsAreRefused() {
    String[] tags = IntStream.range(0, 1001).mapToObj(i -> "t" + i).toArray(String[]::new);
    String message = "the entry has 1001 tags; at most 1000 are allowed";
    expectRefused(
        IllegalArgumentException.class,
        message,
        () -> store().set("k", utf8("x"), SetOptions.tags(tags)));
  }

  @Test
  @Requires(Capability.TTL)
  default void aTtlThatIsNotPositiveIsRefused() {
    for (String ttl : List.of("PT0S", "PT-0.000000001S", "PT-24H")) {
      expectRefused(
          IllegalArgumentException.class,
          "ttl "
              + Duration.parse(ttl)
              + " is not positive; leave the TTL away for an entry that never expires",
          () -> store().set("k", utf8("x"), SetOptions.ttl(Duration.parse(ttl))));
    }
  }

  @Test
  @Requires(Capability.TTL)
  default void aNullTtlIsRefused() {
    expectRefused(NullPointerException.class, "ttl", () -> SetOptions.ttl(nothing()));
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void aTtlBeyondTheEndOfTimeIsRefused() {
    for (Duration ttl :
        new Duration[] {Duration.ofSeconds(Long.MAX_VALUE), Duration.ofMillis(Long.MAX_VALUE)}) {
      String message =
          "ttl "
              + ttl
              + " goes beyond the end of time; leave the TTL away for an entry that never expires";
      expectRefused(
          IllegalArgumentException.class,
          message,
          () -> store().set("k", utf8("x"), SetOptions.ttl(ttl)));
      expectRefused(
          IllegalArgumentException.class,
          message,
          () -> store().set("k", utf8("x"), SetOptions.ttl(ttl).keepingTags()));
    }
  }

  @Test
  default void aNegativeSequenceNumberIsRefused() {
    expectRefused(
        IllegalArgumentException.class,
        "sequence number -1 is negative",
        () -> store().awaitDurable(-1, Duration.ZERO));
  }

  @Test
  default void aNullTimeoutIsRefused() {
    expectRefused(NullPointerException.class, "timeout", () -> store().awaitDurable(0, nothing()));
  }

  @Test
  default void aNullPrefixIsRefused() {
    expectRefused(NullPointerException.class, "prefix", () -> store().keys(nothing()));
  }

  /** Null, where the compiler would not let us write it. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  static <T> T nothing() {
    return null;
  }
}
