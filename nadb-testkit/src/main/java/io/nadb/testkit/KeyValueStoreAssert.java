package io.nadb.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.StoreState;
import io.nadb.StoreStats;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ObjectAssert;

/**
 * Assertions on a store. A failure shows what the store holds.
 *
 * <pre>{@code
 * assertThat(store).containsEntry("user:1", "Ada").buffers("user:1");
 * time.advance(ofSeconds(5));
 * assertThat(store).hasPersisted("user:1").lastFlush().wasCausedBy(INTERVAL);
 * }</pre>
 *
 * <p>What tells buffered from persisted keys needs a store of a {@link NadbHarness}, and throws
 * {@link IllegalArgumentException} for any other.
 */
public class KeyValueStoreAssert extends AbstractAssert<KeyValueStoreAssert, KeyValueStore> {

  /** Begins an assertion; {@link NadbAssertions#assertThat(KeyValueStore)} reads better. */
  public KeyValueStoreAssert(KeyValueStore actual) {
    super(actual, KeyValueStoreAssert.class);
  }

  private KeyValueStoreAssert check(boolean holds, String expected) {
    isNotNull();
    if (!holds) {
      throw failure("%nExpecting %s, but%n%s", expected, StoreText.describe(actual));
    }
    return this;
  }

  private static String quoted(List<String> keys) {
    return String.join(", ", keys.stream().map(Text::quote).toList());
  }

  /** The store has no entry in its namespace. */
  public KeyValueStoreAssert isEmpty() {
    return check(actual.keys("").isEmpty(), "an empty store");
  }

  /** The store has so many entries in its namespace. */
  public KeyValueStoreAssert hasSize(int size) {
    return check(actual.keys("").size() == size, size + " entries");
  }

  /** The store has these keys, perhaps among others. */
  public KeyValueStoreAssert containsKeys(String... keys) {
    List<String> missing = Arrays.stream(keys).filter(key -> !actual.contains(key)).toList();
    return check(missing.isEmpty(), "keys " + quoted(missing));
  }

  /** The store has these keys and no others. */
  public KeyValueStoreAssert containsOnlyKeys(String... keys) {
    List<String> wanted = Arrays.stream(keys).sorted().toList();
    List<String> found = actual.keys("").stream().sorted().toList();
    return check(found.equals(wanted), "exactly the keys " + quoted(wanted));
  }

  /** The store has none of these keys. */
  public KeyValueStoreAssert doesNotContainKeys(String... keys) {
    List<String> present = Arrays.stream(keys).filter(actual::contains).toList();
    return check(present.isEmpty(), "no keys " + quoted(present));
  }

  /** The key's value is this text in UTF-8. */
  public KeyValueStoreAssert containsEntry(String key, String value) {
    return containsEntry(key, value.getBytes(UTF_8));
  }

  /** The key has this value. */
  public KeyValueStoreAssert containsEntry(String key, byte[] value) {
    return check(
        actual.get(key).filter(found -> Arrays.equals(found, value)).isPresent(),
        Text.quote(key) + " = " + Text.show(value));
  }

  /** The store has these entries, whose values are texts in UTF-8, and no others. */
  public KeyValueStoreAssert containsOnly(Map<String, String> entries) {
    Map<String, String> found = new TreeMap<>();
    actual
        .keys("")
        .forEach(key -> actual.get(key).ifPresent(v -> found.put(key, new String(v, UTF_8))));
    return check(found.equals(entries), "exactly the entries " + new TreeMap<>(entries));
  }

  /** Goes on with one key. */
  public EntryAssert key(String key) {
    isNotNull();
    return new EntryAssert(new EntryAssert.Entry(actual, key));
  }

  /** Goes on with the keys of the entries that have all these tags, in key order. */
  public ListAssert<String> taggedWith(String... tags) {
    isNotNull();
    return Assertions.assertThat(actual.queryByTags(tags).stream().map(EntryMetadata::key).toList())
        .as("keys tagged with %s", Arrays.toString(tags));
  }

  /** The latest write of each of these keys is not durable yet: a power cut would take it. */
  public KeyValueStoreAssert buffers(String... keys) {
    List<String> other =
        Arrays.stream(keys)
            .filter(key -> !actual.contains(key) || Recorded.isDurable(actual, key))
            .toList();
    return check(other.isEmpty(), quoted(other) + " in the buffer");
  }

  /** The latest write of each of these keys is durable: it survives a power cut. */
  public KeyValueStoreAssert hasPersisted(String... keys) {
    List<String> other =
        Arrays.stream(keys)
            .filter(key -> !actual.contains(key) || !Recorded.isDurable(actual, key))
            .toList();
    return check(other.isEmpty(), quoted(other) + " persisted");
  }

  /** No latest write of these keys is durable; a key may be absent. */
  public KeyValueStoreAssert hasNotPersisted(String... keys) {
    List<String> other =
        Arrays.stream(keys)
            .filter(key -> actual.contains(key) && Recorded.isDurable(actual, key))
            .toList();
    return check(other.isEmpty(), quoted(other) + " not persisted");
  }

  /** Nothing is buffered. */
  public KeyValueStoreAssert hasEmptyBuffer() {
    return check(actual.stats().bufferedKeys() == 0, "an empty buffer");
  }

  /** So many keys are buffered. */
  public KeyValueStoreAssert hasBufferedKeys(long count) {
    return check(actual.stats().bufferedKeys() == count, count + " buffered keys");
  }

  /** There have been so many successful flushes since the store was opened. */
  public KeyValueStoreAssert hasFlushCount(long count) {
    return check(actual.stats().flushCount() == count, count + " flushes");
  }

  /** There has been no successful flush since the store was opened. */
  public KeyValueStoreAssert hasNotFlushed() {
    return hasFlushCount(0);
  }

  /** So many flushes have failed since the store was opened. */
  public KeyValueStoreAssert hasFlushFailures(long count) {
    return check(actual.stats().flushFailures() == count, count + " failed flushes");
  }

  /** Goes on with the latest successful flush. */
  public FlushAssert lastFlush() {
    isNotNull();
    check(actual.stats().lastFlushCause().isPresent(), "a flush");
    return new FlushAssert(actual.stats());
  }

  /** All is well. */
  public KeyValueStoreAssert isHealthy() {
    return hasState(StoreState.HEALTHY);
  }

  /** The last flush failed and is being retried. */
  public KeyValueStoreAssert isDegraded() {
    return hasState(StoreState.DEGRADED);
  }

  /** The store is closed. */
  public KeyValueStoreAssert isClosed() {
    return hasState(StoreState.CLOSED);
  }

  private KeyValueStoreAssert hasState(StoreState state) {
    return check(actual.stats().state() == state, "a store that is " + state);
  }

  /**
   * A copy of the store's files can be opened by another registry, every value in it can be read,
   * and it holds all that is durable in the store's namespace.
   *
   * @throws IllegalArgumentException if it is no {@code nadb:fs:} store of a harness
   */
  public KeyValueStoreAssert hasIntactDirectory() {
    isNotNull();
    List<String> faults = Integrity.faultsOf(actual);
    return check(faults.isEmpty(), "an intact directory instead of " + faults);
  }

  /** Goes on with the store's figures. */
  public ObjectAssert<StoreStats> stats() {
    isNotNull();
    return Assertions.assertThat(actual.stats());
  }
}
