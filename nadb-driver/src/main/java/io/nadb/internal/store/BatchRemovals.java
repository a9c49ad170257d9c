package io.nadb.internal.store;

import io.nadb.RemovalCause;
import io.nadb.internal.store.LayeredReader.Version;
import io.nadb.internal.store.RemovalFeed.QueuedRemoval;
import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a batch removes, for those who listen to that.
 *
 * <p>What is there is looked up without the buffer's lock, as of the sequence number {@code asOf}.
 * What has come since is in the layers, and found under the lock, unless it has left them for the
 * backend: then all is looked up anew. What was looked up is needed all the same, as what the
 * layers have may depend on it: the time of creation, and the value of what was only touched.
 */
final class BatchRemovals {
  private final RemovalWatch watch;
  private final long asOf;
  private final boolean clears;
  private final Map<String, Map<String, Version>> seen = new HashMap<>();
  private final List<QueuedRemoval> found = new ArrayList<>();

  /**
   * Looks up what is there.
   *
   * @param asOf the number of the last write before
   */
  BatchRemovals(RemovalWatch watch, long asOf, WriteBatch batch) {
    this.watch = watch;
    this.asOf = asOf;
    this.clears = batch.clears();
    batch.forEach(
        (namespace, key, write) -> {
          if (!watch.feeds(namespace).isEmpty()) {
            seen.computeIfAbsent(namespace, name -> new HashMap<>())
                .put(key, watch.before(namespace, key, write, clears));
          }
        });
  }

  /** Whether what has come since is in the layers, if anything has. */
  boolean holds(long dropped) {
    return dropped <= asOf;
  }

  /** Notes what a write removes that is about to be put in, with the buffer's lock held. */
  void note(Layers layers, String namespace, String key, Write write) {
    List<RemovalFeed> feeds = watch.feeds(namespace);
    Version before = feeds.isEmpty() ? Version.NONE : before(layers, namespace, key);
    StoredEntry entry = before.entry();
    if (entry == null) {
      return;
    }
    RemovalCause cause = RemovalWatch.cause(entry, write, clears);
    for (RemovalFeed feed : feeds) {
      byte[] value = feed.wantsValue(cause) ? before.value() : null;
      found.add(new QueuedRemoval(feed, cause, write.sequence(), entry, value));
    }
  }

  private Version before(Layers layers, String namespace, String key) {
    Version known = seen.getOrDefault(namespace, Map.of()).get(key);
    if (layers.latest(namespace, key) == null) {
      return known == null ? Version.NONE : known;
    }
    // A key that a clearing has not known has come since, so there is no older one.
    return LayeredReader.version(layers, namespace, key, known == null ? Version.NONE : known);
  }

  /** Hands over what was noted, in the order of the writes; allocates nothing. */
  void publish() {
    for (int i = 0; i < found.size(); i++) {
      found.get(i).append();
    }
  }
}
