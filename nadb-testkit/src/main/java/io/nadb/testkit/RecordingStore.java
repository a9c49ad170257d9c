package io.nadb.testkit;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreStats;
import java.util.function.Function;

/** A handle that enters into the ledger what it acknowledges, and dies with its process. */
final class RecordingStore implements ForwardingStore {
  private final KeyValueStore real;
  private final DurabilityOracle location;
  private final String namespace;
  private final SimulatedProcess life;

  RecordingStore(
      KeyValueStore real, DurabilityOracle location, String namespace, SimulatedProcess life) {
    this.real = real;
    this.location = location;
    this.namespace = namespace;
    this.life = life;
  }

  @Override
  public KeyValueStore to() {
    life.checkAlive();
    return real;
  }

  @Override
  public <T> T ask(Function<KeyValueStore, T> question) {
    KeyValueStore store = to();
    return life.calls().make(() -> question.apply(store));
  }

  DurabilityOracle location() {
    return location;
  }

  String namespace() {
    return namespace;
  }

  SimulatedProcess life() {
    return life;
  }

  @Override
  public long set(String key, byte[] value, SetOptions options) {
    long sequence = ask(store -> store.set(key, value, options));
    if (!life.isOver()) {
      location.acknowledge(namespace, key, LostWrite.Kind.SET, sequence, value.length);
    }
    return sequence;
  }

  @Override
  public boolean delete(String key) {
    boolean existed = ask(store -> store.delete(key));
    if (existed && !life.isOver()) {
      long sequence = real.stats().sequence(); // Its own, or that of a later write.
      location.acknowledge(namespace, key, LostWrite.Kind.DELETE, sequence, 0);
    }
    return existed;
  }

  /** Answers after the end, as a closed store does. */
  @Override
  public StoreStats stats() {
    return real.stats();
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String url() {
    return real.url();
  }

  @Override
  public void close() {
    life.forget(this);
    life.calls()
        .make(
            () -> {
              real.close();
              return true;
            });
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
