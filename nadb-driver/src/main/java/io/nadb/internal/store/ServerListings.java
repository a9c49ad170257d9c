package io.nadb.internal.store;

import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.spi.BackendView;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Answers what concerns many entries from what a server has when it is asked. */
final class ServerListings {
  private final ServerCalls calls;
  private final Supplier<BackendView> views;
  private final LongSupplier now;

  /**
   * Creates it.
   *
   * @param views opens views of what the server has
   * @param now the time, in milliseconds since 1970
   */
  ServerListings(ServerCalls calls, Supplier<BackendView> views, LongSupplier now) {
    this.calls = calls;
    this.views = views;
    this.now = now;
  }

  /** A question to a view. */
  private interface ViewQuestion<T> {
    T ask(BackendView view) throws IOException;
  }

  private <T> T ask(ViewQuestion<T> question) {
    return calls.ask(
        () -> {
          try (BackendView view = views.get()) {
            return question.ask(view);
          }
        });
  }

  Map<String, byte[]> values(String namespace, List<String> keys) {
    return ask(view -> view.recentValues(namespace, keys, now));
  }

  long size(String namespace) {
    long[] size = new long[1];
    return ask(
        view -> {
          view.scan(namespace, "", entry -> size[0]++);
          return size[0];
        });
  }

  List<String> keys(String namespace, String prefix) {
    List<String> keys = new ArrayList<>();
    return ask(
        view -> {
          view.scan(namespace, prefix, entry -> keys.add(entry.key()));
          return Collections.unmodifiableList(keys);
        });
  }

  List<EntryMetadata> tagged(String namespace, Set<String> tags) {
    return ask(view -> view.tagged(namespace, tags).stream().map(StoredEntry::toMetadata).toList());
  }

  SortedMap<String, Long> tagCounts(String namespace) {
    SortedMap<String, Long> counts = new TreeMap<>(KeyOrder.INSTANCE);
    return ask(
        view -> {
          counts.putAll(view.countTags(namespace, Long.MIN_VALUE, Set.of()));
          return Collections.unmodifiableSortedMap(counts);
        });
  }

  /** Answers a query. */
  <T> T query(String namespace, QuerySource.Asking<T> asking) {
    return ask(
        view ->
            asking.ask(
                new QueryRun(
                    view,
                    Overlay.NONE,
                    keys -> view.values(namespace, keys, now),
                    namespace,
                    false,
                    now.getAsLong())));
  }
}
