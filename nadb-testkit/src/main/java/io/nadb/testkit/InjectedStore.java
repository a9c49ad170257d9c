package io.nadb.testkit;

import io.nadb.AsyncKeyValueStore;
import io.nadb.KeyValueStore;
import io.nadb.NamespaceStats;
import io.nadb.Registration;
import io.nadb.RemovalListener;
import io.nadb.StoreStats;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store that belongs to a harness: when the harness reopens it, it goes on as the new handle, and
 * so do its listeners.
 */
final class InjectedStore implements ForwardingStore {
  private final String url;
  private final NadbHarness harness;
  private final HarnessStores stores;
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private final AsyncKeyValueStore async = new RecordingAsync(this::current);
  private volatile RecordingStore current;

  /** A listener to removals, on whatever handle is the present one. */
  private final class Listening implements Registration {
    private final RemovalListener listener;
    private volatile Registration registration;

    Listening(RemovalListener listener) {
      this.listener = listener;
      this.registration = current.onRemoval(listener);
    }

    void move() {
      registration = current.onRemoval(listener);
    }

    @Override
    public void close() {
      listeners.remove(this);
      registration.close();
    }
  }

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
    listeners.forEach(Listening::move);
  }

  @Override
  public Registration onRemoval(RemovalListener listener) {
    Listening listening = new Listening(listener);
    listeners.add(listening);
    return listening;
  }

  @Override
  public AsyncKeyValueStore async() {
    return async;
  }

  @Override
  public void close() {
    listeners.clear(); // The handle ends them, and another one is nothing that they know.
    ForwardingStore.super.close();
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
  public NamespaceStats namespaceStats() {
    return current.namespaceStats();
  }

  @Override
  public String toString() {
    return current.toString();
  }
}
