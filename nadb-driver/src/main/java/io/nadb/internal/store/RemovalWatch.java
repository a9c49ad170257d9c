package io.nadb.internal.store;

import io.nadb.RemovalCause;
import io.nadb.internal.store.LayeredReader.Version;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to removals, by namespace, and so what writers have to look up: what is there before
 * they write. Immutable; there is none while nobody listens.
 */
final class RemovalWatch {
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final Map<String, List<RemovalFeed>> feeds;

  private RemovalWatch(
      WriteBuffer buffer, LayeredReader reader, Map<String, List<RemovalFeed>> feeds) {
    this.buffer = buffer;
    this.reader = reader;
    this.feeds = feeds;
  }

  /** One for those who listen; null if there is nobody. */
  static @Nullable RemovalWatch of(
      WriteBuffer buffer, LayeredReader reader, List<RemovalFeed> listening) {
    Map<String, List<RemovalFeed>> feeds = new HashMap<>();
    listening.forEach(
        feed -> feeds.computeIfAbsent(feed.namespace(), name -> new ArrayList<>()).add(feed));
    return feeds.isEmpty() ? null : new RemovalWatch(buffer, reader, feeds);
  }

  /** Those who listen to a namespace. */
  List<RemovalFeed> feeds(String namespace) {
    return feeds.getOrDefault(namespace, List.of());
  }

  /** A batch that tells what it removes; the same one if nobody listens to what it writes. */
  WriteBatch over(WriteBatch batch) {
    if (batch.mayRemoveFrom(feeds.keySet())) {
      return batch.telling(new BatchRemovals(this, buffer.sequence(), batch));
    }
    return batch;
  }

  /**
   * What is there before a write; with the value, if somebody wants it, where it is not at hand.
   */
  Version before(String namespace, String key, Write write, boolean clears) {
    Version version = reader.version(namespace, key);
    StoredEntry entry = version.entry();
    if (entry == null || version.value() != null) {
      return version;
    }
    RemovalCause cause = cause(entry, write, clears);
    boolean wanted = feeds(namespace).stream().anyMatch(feed -> feed.wantsValue(cause));
    // If another value has come meanwhile, its write is found under the buffer's lock.
    return wanted ? reader.withValue(namespace, key, version) : version;
  }

  /**
   * Why an entry is gone once a write is there. What it replaces has not expired by the time of the
   * write, just as the time of creation that a write inherits is of an entry that has not.
   */
  static RemovalCause cause(StoredEntry before, Write write, boolean clears) {
    if (before.isGoneAt(write.updated())) {
      return RemovalCause.EXPIRED;
    }
    if (clears) {
      return RemovalCause.CLEARED;
    }
    return write.isDelete() ? RemovalCause.DELETED : RemovalCause.REPLACED;
  }
}
