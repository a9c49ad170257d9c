package io.nadb.testkit;

import io.nadb.KeyValueStore;
import io.nadb.StoreStats;

/** A store that belongs to a harness: when the harness reopens it, it goes on as the new handle. */
final class InjectedStore implements ForwardingStore {
  private final String url;
  private final NadbHarness harness;
  private final HarnessStores stores;
  private volatile RecordingStore current;

  InjectedStore(String url, NadbHarness harness, HarnessStores stores, RecordingStore current) {
    this.url = url;
    this.harness = harness;
    this.stores = stores;
    this.current = current;
  }

  @Override
  public KeyValueStore to() {
    return current;
  }

  RecordingStore current() {
    return current;
  }

  NadbHarness harness() {
    return harness;
  }

  /** The URL that it was asked for, whole. */
  String fullUrl() {
    return url;
  }

  void moveTo(RecordingStore store) {
    current = store;
  }

  @Override
  public KeyValueStore namespace(String name) {
    return stores.namespace(this, name);
  }

  @Override
  public StoreStats stats() {
    return current.stats();
  }

  @Override
  public String toString() {
    return current.toString();
  }
}
