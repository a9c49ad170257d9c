package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.spi.CopyableStore;
import io.nadb.spi.DirectBackend;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A server's entries on their way from and to other stores. */
record DirectTransfer(
    DirectBackend backend, ServerCalls calls, UsageCounts usage, AtomicLong sequence)
    implements CopyableStore {

  @Override
  public Set<String> namespaces() {
    return calls.ask(backend::namespaces);
  }

  @Override
  public Instant now() {
    return backend.clock().instant();
  }

  @Override
  public List<Entry> copyOut(String namespace, Collection<String> keys) {
    return EntryTransfer.toEntries(calls.ask(() -> backend.readAll(namespace, keys)));
  }

  @Override
  public void copyIn(String namespace, Collection<Entry> entries) {
    EntryTransfer.check(entries, backend);
    calls.ask(
        () -> {
          backend.copyIn(namespace, EntryTransfer.toStored(entries));
          return true;
        });
    usage.of(namespace).sets().add(entries.size());
    sequence.addAndGet(entries.size());
  }
}
