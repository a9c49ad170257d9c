package io.nadb.benchmarks.store;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.SetOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * NADB's fs engine through its public API: {@code buffer=1mb&flush=off} flushes with one fsync
 * whenever a megabyte is buffered, {@code durability=synced} before {@code set} returns. The copy
 * for SQL tools, which answers no question and which no peer has, is in rows of its own.
 */
final class NadbStore implements Store {
  private final KeyValueStore store;

  NadbStore(Setup setup, String metadata) {
    store = open(setup, metadata);
  }

  static KeyValueStore open(Setup setup, String metadata) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("metadata", metadata);
    if (!setup.first()) {
      options.put("flush", "off");
      options.put("sweep", "off");
      options.put("buffer", setup.discipline() == Discipline.AT_FLUSH ? "128mb" : "1mb");
    }
    if (setup.discipline() == Discipline.EACH) {
      options.put("durability", "synced");
    }
    String path = setup.directory().toString().replace("%", "%25").replace("?", "%3F");
    return NadbDriverManager.open("nadb:fs:" + path, options);
  }

  @Override
  public void set(String key, byte[] value) {
    store.set(key, value);
  }

  @Override
  public byte @Nullable [] get(String key) {
    return store.get(key).orElse(null);
  }

  @Override
  public void flush() {
    store.flush();
  }

  @Override
  public List<String> keys(String prefix) {
    return store.keys(prefix);
  }

  @Override
  public void set(String key, byte[] value, Labels labels) {
    store.set(
        key, value, SetOptions.ttl(labels.ttl()).withTags(labels.tags().toArray(new String[0])));
  }

  @Override
  public List<String> keysWithTag(String tag) {
    return store.queryByTags(tag).stream().map(EntryMetadata::key).toList();
  }

  @Override
  public int removeExpired() {
    int removed = store.cleanupExpired();
    store.flush();
    return removed;
  }

  @Override
  public boolean hasBacklog() {
    return store.stats().metadataLag() > 1000;
  }

  @Override
  public void close() {
    store.close();
  }
}
