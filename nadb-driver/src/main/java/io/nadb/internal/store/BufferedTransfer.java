package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entries of a store with a write buffer on their way from and to other stores. */
final class BufferedTransfer implements CopyableStore {
  private final String store;
  private final InstantSource clock;
  private final StorageBackend backend;
  private final @Nullable BufferedServer server;
  private final WriteBuffer buffer;
  private final LayeredReader reader;
  private final Flusher flusher;
  private final UsageCounts usage;
  private final Settlement settlement;

  /**
   * Creates it.
   *
   * @param server the server that dates writes; null if the buffer is all there is
   */
  BufferedTransfer(
      String store,
      InstantSource clock,
      StorageBackend backend,
      @Nullable BufferedServer server,
      WriteBuffer buffer,
      LayeredReader reader,
      Flusher flusher,
      UsageCounts usage,
      Settlement settlement) {
    this.store = store;
    this.clock = clock;
    this.backend = backend;
    this.server = server;
    this.buffer = buffer;
    this.reader = reader;
    this.flusher = flusher;
    this.usage = usage;
    this.settlement = settlement;
  }

  /** What is buffered has to be where namespaces are known. */
  @Override
  public Set<String> namespaces() {
    if (!backend.isReadOnly()) {
      settlement.withRetry(() -> flusher.flush(FlushCause.EXPLICIT));
    }
    try {
      return backend.namespaces();
    } catch (IOException e) {
      throw new NadbException("store " + store + ": " + Reason.of(e), e);
    }
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public List<Entry> copyOut(String namespace, Collection<String> keys) {
    if (server != null) {
      return server.copyOut(namespace, keys);
    }
    List<Entry> found = new ArrayList<>();
    for (String key : keys) {
      Entry entry = reader.entry(namespace, key, clock.millis());
      if (entry != null) {
        found.add(entry);
      }
    }
    return found;
  }

  @Override
  public void copyIn(String namespace, Collection<Entry> entries) {
    if (backend.isReadOnly()) {
      throw Capabilities.readOnly(store);
    }
    EntryTransfer.check(entries, backend);
    if (entries.isEmpty()) {
      return;
    }
    if (server != null) {
      server.copyIn(namespace, entries);
    } else {
      setAll(namespace, entries);
    }
    usage.of(namespace).sets().add(entries.size());
  }

  private void setAll(String namespace, Collection<Entry> entries) {
    Map<String, Write> writes = new LinkedHashMap<>();
    long expiresAt = Write.NEVER;
    for (Entry entry : entries) {
      writes.put(entry.metadata().key(), EntryTransfer.toWrite(entry));
      expiresAt = Math.min(expiresAt, EntryTransfer.expiresAt(entry.metadata()));
    }
    long sequence = buffer.commit(WriteBatch.of(Map.of(namespace, writes), List.of()));
    settlement.notice(expiresAt);
    settlement.settle(sequence);
  }
}
