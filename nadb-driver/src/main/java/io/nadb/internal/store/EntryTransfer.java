package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What all stores do with entries that come from another one or go there. */
final class EntryTransfer {

  private EntryTransfer() {}

  /** Refuses entries that the store could not take when it comes to it. */
  static void check(Collection<Entry> entries, StorageBackend backend) {
    for (Entry entry : entries) {
      EntryMetadata metadata = entry.metadata();
      try {
        Limits.checkKey(metadata.key());
        Limits.checkTags(metadata.tags());
        Limits.checkValue(entry.value());
        Limits.checkFits(entry.value(), backend);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "entry '" + metadata.key() + "' can't be copied: " + e.getMessage(), e);
      }
    }
  }

  /** The write that makes an entry as it is; its value is copied. */
  static Write toWrite(Entry entry) {
    EntryMetadata metadata = entry.metadata();
    return Write.set(
        0,
        entry.value().clone(),
        metadata.tags(),
        metadata.created().toEpochMilli(),
        false,
        metadata.updated().toEpochMilli(),
        expiresAt(metadata));
  }

  static long expiresAt(EntryMetadata metadata) {
    return metadata.expiresAt().map(Instant::toEpochMilli).orElse(Write.NEVER);
  }

  /** Entries as backends take them; values are not copied. */
  static List<StoredValue> toStored(Collection<Entry> entries) {
    List<StoredValue> stored = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      EntryMetadata metadata = entry.metadata();
      stored.add(
          new StoredValue(
              new StoredEntry(
                  metadata.key(),
                  0,
                  entry.value().length,
                  metadata.created().toEpochMilli(),
                  metadata.updated().toEpochMilli(),
                  expiresAt(metadata),
                  metadata.tags()),
              entry.value()));
    }
    return stored;
  }

  /** Entries as users see them. */
  static List<Entry> toEntries(Collection<StoredValue> stored) {
    return stored.stream().map(each -> new Entry(each.entry().toMetadata(), each.value())).toList();
  }
}
