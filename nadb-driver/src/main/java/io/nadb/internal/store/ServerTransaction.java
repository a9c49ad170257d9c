package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.internal.store.LayeredReader.Latest;
import io.nadb.spi.Commit;
import io.nadb.spi.StoredEntry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on a server that others write to as well.
 *
 * <p>Each read asks the server, and notes which version it has seen. The commit sends all of that
 * together with the writes, and the server compares and writes in one step. Until then nothing says
 * that what was read was there at one moment; so nothing that was made of it may get out before.
 */
final class ServerTransaction extends OpenTransaction {
  /** So many keys the server can compare and write without keeping others waiting for long. */
  private static final int MAX_KEYS = 10_000;

  private final InstantSource clock;
  private final ServerAccess server;
  private final Set<Commit.Name> names = new HashSet<>();
  private final Map<Commit.Name, Commit.Version> reads = new LinkedHashMap<>();
  private Commit.@Nullable Name first;

  ServerTransaction(String store, InstantSource clock, ServerAccess server) {
    super(store);
    this.clock = clock;
    this.server = server;
  }

  @Override
  @Nullable Latest read(String namespace, String key, boolean withValue) {
    Commit.Name name = note(namespace, key);
    Commit.Seen seen = server.look(name, withValue);
    Commit.Version known = reads.get(name);
    if (known != null && !known.agreesWith(seen.version())) {
      throw conflict(key);
    }
    if (known == null || known.value().isEmpty()) {
      reads.put(name, seen.version());
    }
    StoredEntry entry = seen.entry();
    return entry == null ? null : new Latest(0, entry, seen.value());
  }

  @Override
  @Nullable Entry entry(String namespace, String key) {
    Latest latest = read(namespace, key, true);
    if (latest == null || latest.entry() == null) {
      return null;
    }
    return new Entry(latest.entry().toMetadata(), latest.value());
  }

  @Override
  @Nullable EntryMetadata metadata(String namespace, String key) {
    Latest latest = read(namespace, key, false);
    StoredEntry entry = latest == null ? null : latest.entry();
    return entry == null ? null : entry.toMetadata();
  }

  @Override
  void noteWrite(String namespace, String key) {
    note(namespace, key);
  }

  private Commit.Name note(String namespace, String key) {
    Commit.Name name = new Commit.Name(namespace, key);
    if (!names.contains(name)) {
      if (first != null) {
        server.checkTogether(first, name);
      }
      if (names.size() == MAX_KEYS) {
        throw new IllegalArgumentException(
            "with key '"
                + key
                + "' the transaction would have more than "
                + MAX_KEYS
                + " keys, while it keeps the server from all else; divide it into smaller ones");
      }
      first = first == null ? name : first;
      names.add(name);
    }
    return name;
  }

  @Override
  Instant time() {
    return clock.instant();
  }

  @Override
  long commit() {
    if (isReadOnly()) {
      long last = server.sequence();
      checkReads();
      return last;
    }
    Instant now = clock.instant();
    Map<Commit.Name, Commit.Intent> intents = new HashMap<>();
    writes()
        .forEach(
            (namespace, byKey) ->
                byKey.forEach(
                    (key, own) ->
                        intents.put(
                            new Commit.Name(namespace, key),
                            new Commit.Intent(own.write(now), own.keepsExpiry()))));
    return ask(new Commit(reads, intents));
  }

  private long ask(Commit commit) {
    ServerAccess.Answer answer = server.commit(commit);
    Commit.Name changed = answer.changed();
    if (changed != null) {
      throw conflict(changed.key());
    }
    return answer.last();
  }

  /** A single entry was there at one moment anyway. */
  @Override
  void checkReads() {
    if (reads.size() > 1) {
      ask(new Commit(reads, Map.of()));
    }
  }
}
