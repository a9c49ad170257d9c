package io.nadb.testkit;

import io.nadb.KeyValueStore;

/** Finds what the ledger knows of a store. */
final class Recorded {

  private Recorded() {}

  static boolean isRecorded(KeyValueStore store) {
    return store instanceof RecordingStore || store instanceof InjectedStore;
  }

  static RecordingStore of(KeyValueStore store) {
    if (store instanceof InjectedStore injected) {
      return injected.current();
    }
    if (store instanceof RecordingStore recording) {
      return recording;
    }
    throw new IllegalArgumentException(
        store
            + " is not known to a harness, so nobody knows what of it is durable; open it through"
            + " @NadbStore or NadbHarness");
  }

  static boolean isDurable(KeyValueStore store, String key) {
    RecordingStore recorded = of(store);
    return recorded.location().isDurable(recorded.namespace(), key);
  }
}
