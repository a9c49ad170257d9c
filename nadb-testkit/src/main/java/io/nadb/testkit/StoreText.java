package io.nadb.testkit;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreState;
import io.nadb.StoreStats;
import java.util.List;

/** What a store holds, as text for failure messages. */
final class StoreText {
  private static final int MAX_KEYS = 20;

  private StoreText() {}

  static String describe(KeyValueStore store) {
    StoreStats stats = store.stats();
    StringBuilder text = new StringBuilder(store.url()).append(" holds");
    if (stats.state() == StoreState.CLOSED) {
      text.append(" nothing any more: it is closed");
    } else {
      try {
        entries(store, text);
      } catch (NadbException | IllegalStateException e) {
        text.append(" what can't be read: ").append(e.getMessage());
      }
    }
    return text.append("\n")
        .append(stats.state())
        .append(", ")
        .append(stats.bufferedKeys())
        .append(" keys (")
        .append(stats.bufferedBytes())
        .append(" of ")
        .append(stats.bufferLimitBytes())
        .append(" bytes) buffered, ")
        .append(flushes(stats))
        .toString();
  }

  static String flushes(StoreStats stats) {
    return stats.flushCount()
        + " flushes, "
        + stats.flushFailures()
        + " failures"
        + stats.lastFlushCause().map(cause -> ", the last flush caused by " + cause).orElse("")
        + stats.lastFlushTime().map(at -> " at " + at).orElse("")
        + stats.lastFailure().map(failure -> ", the last failure: " + failure).orElse("");
  }

  private static void entries(KeyValueStore store, StringBuilder text) {
    List<String> keys = store.keys("");
    text.append(keys.isEmpty() ? " no entry" : " " + keys.size() + " entries:");
    for (String key : keys.subList(0, Math.min(MAX_KEYS, keys.size()))) {
      text.append("\n  ").append(entry(store, key));
    }
    if (keys.size() > MAX_KEYS) {
      text.append("\n  … and ").append(keys.size() - MAX_KEYS).append(" more");
    }
  }

  private static String entry(KeyValueStore store, String key) {
    StringBuilder text = new StringBuilder(Text.quote(key)).append(" = ");
    text.append(store.get(key).map(Text::show).orElse("gone"));
    store.metadata(key).ifPresent(metadata -> details(metadata, text));
    if (Recorded.isRecorded(store)) {
      text.append(Recorded.isDurable(store, key) ? " (persisted)" : " (buffered)");
    }
    return text.toString();
  }

  private static void details(EntryMetadata metadata, StringBuilder text) {
    if (!metadata.tags().isEmpty()) {
      text.append(" tags ").append(metadata.tags());
    }
    metadata.expiresAt().ifPresent(at -> text.append(" expires ").append(at));
  }
}
