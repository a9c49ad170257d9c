package io.nadb.jcache;

import java.util.ArrayList;
import java.util.List;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;

/** A listener that notes all it is told, as "UPDATED key: before -> value". */
final class Heard<K, V>
    implements CacheEntryCreatedListener<K, V>,
        CacheEntryUpdatedListener<K, V>,
        CacheEntryRemovedListener<K, V>,
        CacheEntryExpiredListener<K, V> {
  private final List<String> events = new ArrayList<>();

  /** What was told so far. */
  synchronized List<String> events() {
    return List.copyOf(events);
  }

  private synchronized void note(Iterable<CacheEntryEvent<? extends K, ? extends V>> told) {
    for (CacheEntryEvent<? extends K, ? extends V> event : told) {
      events.add(
          "%s %s: %s -> %s"
              .formatted(
                  event.getEventType(), event.getKey(), event.getOldValue(), event.getValue()));
    }
  }

  @Override
  public void onCreated(Iterable<CacheEntryEvent<? extends K, ? extends V>> told) {
    note(told);
  }

  @Override
  public void onUpdated(Iterable<CacheEntryEvent<? extends K, ? extends V>> told) {
    note(told);
  }

  @Override
  public void onRemoved(Iterable<CacheEntryEvent<? extends K, ? extends V>> told) {
    note(told);
  }

  @Override
  public void onExpired(Iterable<CacheEntryEvent<? extends K, ? extends V>> told) {
    note(told);
  }
}
