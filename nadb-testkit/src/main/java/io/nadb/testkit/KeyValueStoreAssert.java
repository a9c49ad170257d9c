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
import java.util.function.Function;
import java.util.function.Predicate;
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
 *
 * @since 0.1.0
 */
public class KeyValueStoreAssert extends AbstractAssert<KeyValueStoreAssert, KeyValueStore> {

  /** Begins an assertion; {@link NadbAssertions#assertThat(KeyValueStore)} reads better. */
  public KeyValueStoreAssert(KeyValueStore actual) {
    super(actual, KeyValueStoreAssert.class);
  }

  private KeyValueStoreAssert check(Predicate<KeyValueStore> holds, String expected) {
    isNotNull();
    if (!holds.test(actual)) {
      throw failure("%nExpecting %s, but%n%s", expected, StoreText.describe(actual));
    }
    return this;
  }

  /** Fails if a difference is not empty, and shows it. */
  private KeyValueStoreAssert checkSame(
      Function<KeyValueStore, String> difference, String expected) {
    isNotNull();
    String found = difference.apply(actual);
    if (!found.isEmpty()) {
      throw failure("%nExpecting %s, but%n%s%n%s", expected, found, StoreText.describe(actual));
    }
    return this;
  }

  /** Fails if there are keys for which something does not hold. */
  private KeyValueStoreAssert checkAll(String[] keys, Predicate<String> holds, String expected) {
    isNotNull();
    List<String> other = Arrays.stream(keys).filter(key -> !holds.test(key)).toList();
    return check(store -> other.isEmpty(), String.format(expected, Text.quote(other)));
  }

  /** The store has no entry in its namespace. */
  public KeyValueStoreAssert isEmpty() {
    return check(store -> store.keys("").isEmpty(), "an empty store");
  }

  /** The store has so many entries in its namespace. */
  public KeyValueStoreAssert hasSize(int size) {
    return check(store -> store.keys("").size() == size, size + " entries");
  }

  /** The store has these keys, perhaps among others. */
  public KeyValueStoreAssert containsKeys(String... keys) {
    return checkAll(keys, key -> actual.contains(key), "keys %s");
  }

  /** The store has these keys and no others. */
  public KeyValueStoreAssert containsOnlyKeys(String... keys) {
    List<String> wanted = Arrays.stream(keys).distinct().sorted().toList();
    return checkSame(
        store -> Difference.of(wanted, store.keys("")), "exactly the keys " + Text.quote(wanted));
  }

  /** The store has none of these keys. */
  public KeyValueStoreAssert doesNotContainKeys(String... keys) {
    return checkAll(keys, key -> !actual.contains(key), "no keys %s");
  }

  /** The key's value is this text in UTF-8. */
  public KeyValueStoreAssert containsEntry(String key, String value) {
    return containsEntry(key, value.getBytes(UTF_8));
  }

  /** The key has this value. */
  public KeyValueStoreAssert containsEntry(String key, byte[] value) {
    return check(
        store -> store.get(key).filter(found -> Arrays.equals(found, value)).isPresent(),
        Text.quote(key) + " = " + Text.show(value));
  }

  /** The store has these entries, whose values are texts in UTF-8, and no others. */
  public KeyValueStoreAssert containsOnly(Map<String, String> entries) {
    Map<String, byte[]> wanted = new TreeMap<>();
    entries.forEach((key, value) -> wanted.put(key, value.getBytes(UTF_8)));
    return checkSame(
        store -> Difference.of(wanted, entries(store)),
        "exactly the entries " + new TreeMap<>(entries));
  }

  private static Map<String, byte[]> entries(KeyValueStore store) {
    Map<String, byte[]> found = new TreeMap<>();
    for (String key : store.keys("")) {
      store.get(key).ifPresent(value -> found.put(key, value));
    }
    return found;
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
    return checkAll(
        keys, key -> actual.contains(key) && !Recorded.isDurable(actual, key), "%s in the buffer");
  }

  /** The latest write of each of these keys is durable: it survives a power cut. */
  public KeyValueStoreAssert hasPersisted(String... keys) {
    return checkAll(
        keys, key -> actual.contains(key) && Recorded.isDurable(actual, key), "%s persisted");
  }

  /** No latest write of these keys is durable; a key may be absent. */
  public KeyValueStoreAssert hasNotPersisted(String... keys) {
    return checkAll(
        keys, key -> !actual.contains(key) || !Recorded.isDurable(actual, key), "%s not persisted");
  }

  /** Nothing is buffered. */
  public KeyValueStoreAssert hasEmptyBuffer() {
    return check(store -> store.stats().bufferedKeys() == 0, "an empty buffer");
  }

  /** So many keys are buffered. */
  public KeyValueStoreAssert hasBufferedKeys(long count) {
    return check(store -> store.stats().bufferedKeys() == count, count + " buffered keys");
  }

  /** There have been so many successful flushes since the store was opened. */
  public KeyValueStoreAssert hasFlushCount(long count) {
    return check(store -> store.stats().flushCount() == count, count + " flushes");
  }

  /** There has been no successful flush since the store was opened. */
  public KeyValueStoreAssert hasNotFlushed() {
    return hasFlushCount(0);
  }

  /** So many flushes have failed since the store was opened. */
  public KeyValueStoreAssert hasFlushFailures(long count) {
    return check(store -> store.stats().flushFailures() == count, count + " failed flushes");
  }

  /** Goes on with the latest successful flush. */
  public FlushAssert lastFlush() {
    check(store -> store.stats().lastFlushCause().isPresent(), "a flush");
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
    return check(store -> store.stats().state() == state, "a store that is " + state);
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
    return check(store -> faults.isEmpty(), "an intact directory instead of " + faults);
  }

  /** Goes on with the store's figures. */
  public ObjectAssert<StoreStats> stats() {
    isNotNull();
    return Assertions.assertThat(actual.stats());
  }
}
