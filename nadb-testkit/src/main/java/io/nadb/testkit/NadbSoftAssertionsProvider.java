package io.nadb.testkit;

import io.nadb.KeyValueStore;
import org.assertj.core.api.SoftAssertionsProvider;

/**
 * Assertions on stores that are collected instead of thrown, to be combined with those of others:
 *
 * <pre>{@code
 * class Softly extends AbstractSoftAssertions
 *     implements StandardSoftAssertionsProvider, NadbSoftAssertionsProvider {}
 * }</pre>
 *
 * <p>What {@link KeyValueStoreAssert#key}, {@link KeyValueStoreAssert#lastFlush} and the like go on
 * with is thrown at once; {@link #assertThatKey} collects it.
 *
 * @since 0.1.0
 */
public interface NadbSoftAssertionsProvider extends SoftAssertionsProvider {

  /** Begins assertions on a store. */
  default KeyValueStoreAssert assertThat(KeyValueStore actual) {
    return proxy(KeyValueStoreAssert.class, KeyValueStore.class, actual);
  }

  /** Begins assertions on one key of a store. */
  default EntryAssert assertThatKey(KeyValueStore store, String key) {
    return proxy(EntryAssert.class, EntryAssert.Entry.class, new EntryAssert.Entry(store, key));
  }

  /** Begins assertions on what a crash took. */
  default CrashReportAssert assertThat(CrashReport actual) {
    return proxy(CrashReportAssert.class, CrashReport.class, actual);
  }
}
