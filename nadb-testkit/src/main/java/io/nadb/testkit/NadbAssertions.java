package io.nadb.testkit;

import io.nadb.KeyValueStore;

/**
 * AssertJ's way in to assertions on stores. To be imported statically beside AssertJ's own {@code
 * assertThat}.
 *
 * @since 0.1.0
 */
public final class NadbAssertions {

  private NadbAssertions() {}

  /** Begins an assertion on a store. */
  public static KeyValueStoreAssert assertThat(KeyValueStore actual) {
    return new KeyValueStoreAssert(actual);
  }

  /** Begins an assertion on what a crash took. */
  public static CrashReportAssert assertThat(CrashReport actual) {
    return new CrashReportAssert(actual);
  }
}
