package io.nadb.internal.metadata;

import io.nadb.spi.StoredEntry;

/** What one write does to the metadata of one key. */
public sealed interface MetadataChange {

  /** The key's namespace. */
  String namespace();

  /** The key. */
  String key();

  /**
   * The key has this entry now, whatever it had before.
   *
   * @param namespace the key's namespace
   * @param entry all that is known of the entry
   */
  record Put(String namespace, StoredEntry entry) implements MetadataChange {

    @Override
    public String key() {
      return entry.key();
    }
  }

  /**
   * The key has no entry any more, whether it had one or not.
   *
   * @param namespace the key's namespace
   * @param key the key
   */
  record Remove(String namespace, String key) implements MetadataChange {}
}
