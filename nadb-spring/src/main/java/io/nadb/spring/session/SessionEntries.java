package io.nadb.spring.session;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.codec.Codec;
import io.nadb.codec.CodecException;
import io.nadb.codec.TypedEntry;
import io.nadb.codec.TypedStore;
import io.nadb.codec.TypedTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.session.IndexResolver;
import org.springframework.session.MapSession;
import org.springframework.session.Session;

/** Sessions as entries of a namespace: key is the id, tags are what a session is found by. */
final class SessionEntries {
  private static final System.Logger LOG = System.getLogger(SessionEntries.class.getName());

  /** A session that expires when it was last used, at once. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final KeyValueStore store;
  private final TypedStore<SessionRecord> records;
  private final AttributeCodec attributes;
  private final IndexResolver<Session> indexes;
  private final AtomicBoolean warned = new AtomicBoolean();

  SessionEntries(KeyValueStore store, Codec<Object> attributes, IndexResolver<Session> indexes) {
    this.store = store;
    this.attributes = new AttributeCodec(attributes);
    this.records = TypedStore.of(store, new SessionCodec(attributes.format()));
    this.indexes = indexes;
  }

  KeyValueStore store() {
    return store;
  }

  boolean exists(String id) {
    return store.contains(id);
  }

  /** Returns a session; empty also for an id that can't be one, as from somebody's cookie. */
  Optional<MapSession> find(String id) {
    Optional<TypedEntry<SessionRecord>> entry;
    try {
      entry = records.entry(id);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (CodecException e) {
      drop(id, e);
      return Optional.empty();
    }
    return entry.flatMap(this::read);
  }

  Map<String, MapSession> findByIndex(String name, String value) {
    Map<String, MapSession> found = new LinkedHashMap<>();
    for (EntryMetadata entry : store.queryByTags(tag(name, value))) {
      find(entry.key()).ifPresent(session -> found.put(session.getId(), session));
    }
    return found;
  }

  private Optional<MapSession> read(TypedEntry<SessionRecord> entry) {
    SessionRecord session = entry.value();
    try {
      MapSession read = new MapSession(entry.key());
      attributes.decode(session).forEach(read::setAttribute);
      read.setCreationTime(session.created());
      read.setMaxInactiveInterval(session.maxInactive());
      read.setLastAccessedTime(
          entry
              .metadata()
              .expiresAt()
              .map(expiry -> expiry.minus(session.maxInactive()))
              .orElse(session.accessed()));
      return Optional.of(read);
    } catch (Exception e) {
      drop(entry.key(), e);
      return Optional.empty();
    }
  }

  private void drop(String id, Exception unreadable) {
    store.delete(id);
    if (!warned.getAndSet(true)) {
      // Not what names the key: the id is as good as a password.
      Throwable problem = unreadable instanceof CodecException ? unreadable.getCause() : unreadable;
      LOG.log(
          System.Logger.Level.WARNING,
          "a session could not be read ("
              + (problem == null ? "it is no session, or of another format" : problem)
              + "), and was deleted; its user gets a new one. Sessions of which this is true from"
              + " now on are deleted without a word",
          problem);
    }
  }

  void create(NadbSession session) {
    SessionRecord created =
        new SessionRecord(
                session.getCreationTime(),
                session.getLastAccessedTime(),
                session.getMaxInactiveInterval(),
                Map.of())
            .with(
                attributes.encode(session.changes()),
                session.getLastAccessedTime(),
                session.getMaxInactiveInterval());
    String id = session.getId();
    if (!records.setIfAbsent(id, created, options(id, created))) {
      throw new IllegalStateException(
          "there is a session already that has the id of a new one; ids must be random");
    }
  }

  /** Merges what the request has changed; returns whether the session was still there. */
  boolean update(NadbSession session) {
    String id = session.storedId();
    Duration interval = session.getMaxInactiveInterval();
    if (session.changes().isEmpty() && !session.hasOtherInterval() && !interval.isNegative()) {
      return store.touch(id, ttl(interval));
    }
    Map<String, Optional<byte[]>> changes = attributes.encode(session.changes());
    return records.transaction(transaction -> merge(transaction, session, changes, id));
  }

  /** The same for a session that has a new id: no moment has both, and none neither. */
  boolean move(NadbSession session) {
    Map<String, Optional<byte[]>> changes = attributes.encode(session.changes());
    String before = session.storedId();
    String id = session.getId();
    try {
      return records.transaction(
          transaction -> merge(transaction, session, changes, id) && transaction.delete(before));
    } catch (IllegalArgumentException e) {
      // The two ids are in different partitions of a cluster: one after the other then.
      return moveInSteps(session, changes, before, id);
    }
  }

  private boolean moveInSteps(
      NadbSession session, Map<String, Optional<byte[]>> changes, String before, String id) {
    while (true) {
      Optional<byte[]> found = store.get(before);
      if (found.isEmpty()) {
        // Somebody has logged out, perhaps since the last attempt.
        store.delete(id);
        return false;
      }
      SessionRecord merged = merged(records.decode(before, found.get()), session, changes);
      records.set(id, merged, options(id, merged));
      // Not, if another request has changed something in between: that is to be moved too.
      if (store.delete(before, found.get())) {
        return true;
      }
    }
  }

  private boolean merge(
      TypedTransaction<SessionRecord> transaction,
      NadbSession session,
      Map<String, Optional<byte[]>> changes,
      String id) {
    Optional<SessionRecord> found = transaction.get(session.storedId());
    found.ifPresent(
        before -> {
          SessionRecord merged = merged(before, session, changes);
          transaction.set(id, merged, options(id, merged));
        });
    return found.isPresent();
  }

  private static SessionRecord merged(
      SessionRecord before, NadbSession session, Map<String, Optional<byte[]>> changes) {
    Duration interval =
        session.hasOtherInterval() ? session.getMaxInactiveInterval() : before.maxInactive();
    Instant accessed = session.getLastAccessedTime();
    return before.with(changes, accessed, interval);
  }

  private SetOptions options(String id, SessionRecord session) {
    SetOptions options =
        SetOptions.tags(
            indexes.resolveIndexesFor(attributes.readable(id, session)).entrySet().stream()
                .map(index -> tag(index.getKey(), index.getValue()))
                .toArray(String[]::new));
    Duration interval = session.maxInactive();
    return interval.isNegative() ? options : options.withTtl(ttl(interval));
  }

  private static Duration ttl(Duration interval) {
    return interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval;
  }

  private static String tag(String index, String value) {
    return index + "=" + value;
  }

  void delete(String id) {
    store.delete(id);
  }

  /** Deletes a session and returns its bytes. */
  Optional<byte[]> take(String id) {
    return store.getAndDelete(id);
  }

  /** A session that is gone, with those of its attributes that can be read. */
  Session whatCanBeRead(String id, Optional<byte[]> value) {
    try {
      if (value.isPresent()) {
        return attributes.readable(id, records.decode(id, value.get()));
      }
    } catch (CodecException e) {
      // Who is told of it wants to know that it is gone above all.
    }
    return new MapSession(id);
  }
}
