package io.nadb.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.assertj.core.api.AbstractAssert;

/** Assertions on one key of a store. */
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

  private EntryAssert check(boolean holds, String expected) {
    if (!holds) {
      throw failure(
          "%nExpecting %s %s, but%n%s",
          Text.quote(actual.key), expected, StoreText.describe(actual.store));
    }
    return this;
  }

  /** The key exists. */
  public EntryAssert exists() {
    return check(actual.isThere(), "to exist");
  }

  /** The key does not exist, in any method. */
  public EntryAssert isGone() {
    return check(actual.isGone(), "to be gone");
  }

  /** The value is this text in UTF-8. */
  public EntryAssert hasValue(String value) {
    return hasValue(value.getBytes(UTF_8));
  }

  /** The value is this. */
  public EntryAssert hasValue(byte[] value) {
    return check(
        actual.store.get(actual.key).filter(found -> Arrays.equals(found, value)).isPresent(),
        "to be " + Text.show(value));
  }

  /** The entry has these tags and no others. */
  public EntryAssert hasTags(String... tags) {
    TreeSet<String> wanted = new TreeSet<>(List.of(tags));
    return check(
        actual.metadata().filter(metadata -> metadata.tags().equals(wanted)).isPresent(),
        "to have exactly the tags " + wanted);
  }

  /** The entry exists and never expires. */
  public EntryAssert neverExpires() {
    return check(
        actual.metadata().filter(metadata -> metadata.expiresAt().isEmpty()).isPresent(),
        "never to expire");
  }

  /** The entry is gone from this moment on. */
  public EntryAssert expiresAt(Instant moment) {
    return check(
        actual.metadata().flatMap(EntryMetadata::expiresAt).filter(moment::equals).isPresent(),
        "to expire at " + moment);
  }

  /**
   * The entry is there until a millisecond before this time has passed, and then gone in every
   * method. Moves the harness's time so far.
   *
   * @throws IllegalArgumentException if the store is not known to a harness
   */
  public EntryAssert expiresExactlyAfter(Duration ttl) {
    VirtualTime time = Recorded.of(actual.store).life().time();
    exists();
    time.advance(ttl.minus(TICK));
    check(actual.isThere(), "still to exist a millisecond before " + ttl);
    time.advance(TICK);
    return check(actual.isGone(), "to be gone after " + ttl);
  }

  /** The latest write of the key is not durable yet. */
  public EntryAssert isBuffered() {
    return check(
        actual.isThere() && !Recorded.isDurable(actual.store, actual.key), "to be in the buffer");
  }

  /** The latest write of the key is durable. */
  public EntryAssert isPersisted() {
    return check(
        actual.isThere() && Recorded.isDurable(actual.store, actual.key), "to be persisted");
  }
}
