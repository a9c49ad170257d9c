package io.nadb.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on one key of a store.
 *
 * @since 0.1.0
 */
public class EntryAssert extends AbstractAssert<EntryAssert, EntryAssert.Entry> {
  private static final Duration TICK = Duration.ofMillis(1);

  /** Begins an assertion; {@link KeyValueStoreAssert#key} reads better. */
  public EntryAssert(Entry actual) {
    super(actual, EntryAssert.class);
  }

  /**
   * A key of a store, there or not.
   *
   * @param store the store
   * @param key the key
   */
  public record Entry(KeyValueStore store, String key) {

    Optional<EntryMetadata> metadata() {
      return store.metadata(key);
    }

    boolean isThere() {
      return store.contains(key);
    }

    /** Whether no read path shows it. */
    boolean isGone() {
      return !store.contains(key)
          && store.get(key).isEmpty()
          && store.metadata(key).isEmpty()
          && !store.keys(key).contains(key);
    }
  }

  private EntryAssert check(Predicate<Entry> holds, String expected) {
    isNotNull();
    if (!holds.test(actual)) {
      throw failure(
          "%nExpecting %s %s, but%n%s",
          Text.quote(actual.key), expected, StoreText.describe(actual.store));
    }
    return this;
  }

  /** The key exists. */
  public EntryAssert exists() {
    return check(Entry::isThere, "to exist");
  }

  /** The key does not exist, in any method. */
  public EntryAssert isGone() {
    return check(Entry::isGone, "to be gone");
  }

  /** The value is this text in UTF-8. */
  public EntryAssert hasValue(String value) {
    return hasValue(value.getBytes(UTF_8));
  }

  /** The value is this. */
  public EntryAssert hasValue(byte[] value) {
    return check(
        entry ->
            entry.store.get(entry.key).filter(found -> Arrays.equals(found, value)).isPresent(),
        "to be " + Text.show(value));
  }

  /** The entry has these tags and no others. */
  public EntryAssert hasTags(String... tags) {
    TreeSet<String> wanted = new TreeSet<>(List.of(tags));
    exists();
    String difference =
        Difference.of(
            wanted,
            actual
                .metadata()
                .map(EntryMetadata::tags)
                .<Set<String>>map(Set::copyOf)
                .orElse(Set.of()));
    return check(
        entry -> difference.isEmpty(),
        "to have exactly the tags " + Text.quote(wanted) + " (" + difference + ")");
  }

  /** The entry exists and never expires. */
  public EntryAssert neverExpires() {
    return check(
        entry -> entry.metadata().filter(metadata -> metadata.expiresAt().isEmpty()).isPresent(),
        "never to expire");
  }

  /** The entry is gone from this moment on. */
  public EntryAssert expiresAt(Instant moment) {
    return check(
        entry ->
            entry.metadata().flatMap(EntryMetadata::expiresAt).filter(moment::equals).isPresent(),
        "to expire at " + moment);
  }

  /**
   * The entry is there until a millisecond before this time has passed, and then gone in every
   * method. Moves the harness's time so far.
   *
   * @throws IllegalArgumentException if the store is not known to a harness
   */
  public EntryAssert expiresExactlyAfter(Duration ttl) {
    isNotNull();
    VirtualTime time = Recorded.of(actual.store).life().time();
    exists();
    time.advance(ttl.minus(TICK));
    check(Entry::isThere, "still to exist a millisecond before " + ttl);
    time.advance(TICK);
    return check(Entry::isGone, "to be gone after " + ttl);
  }

  /** The latest write of the key is not durable yet. */
  public EntryAssert isBuffered() {
    return check(
        entry -> entry.isThere() && !Recorded.isDurable(entry.store, entry.key),
        "to be in the buffer");
  }

  /** The latest write of the key is durable. */
  public EntryAssert isPersisted() {
    return check(
        entry -> entry.isThere() && Recorded.isDurable(entry.store, entry.key), "to be persisted");
  }
}
