package io.nadb.spring.session;

import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.codec.SerializationCodec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.MapSession;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.SaveMode;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.UuidSessionIdGenerator;

/**
 * Spring's sessions in a namespace of a store, one entry each, to be found by id and by what they
 * are indexed by: the principal's name.
 *
 * <ul>
 *   <li>A request saves what it has changed, merged in one step with what others have changed.
 *   <li>A session that was deleted or has expired does not come back: saving it writes nothing.
 *   <li>It expires by the store's TTL, and by no clock of this JVM's. A request that changes
 *       nothing only renews the TTL, whatever the session's size.
 *   <li>One that can't be read, as after a deployment that has changed a class, is deleted, so that
 *       the next request gets a new one; the first is logged.
 * </ul>
 *
 * <p>The store remains its owner's, who closes it after this repository. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbIndexedSessionRepository
    implements FindByIndexNameSessionRepository<NadbSession>, AutoCloseable {
  private final SessionEntries entries;
  private final SessionEvents events;
  private final Duration maxInactive;
  private final SessionIdGenerator ids;
  private final SaveMode saveMode;

  private NadbIndexedSessionRepository(Builder builder) {
    this.entries =
        new SessionEntries(
            builder.store.namespace(builder.namespace), builder.attributes, builder.indexes);
    this.events =
        new SessionEvents(this, entries.store(), builder.publisher, entries::whatCanBeRead);
    this.maxInactive = builder.maxInactive;
    this.ids = builder.ids;
    this.saveMode = builder.saveMode;
  }

  private static NadbIndexedSessionRepository create(Builder builder) {
    NadbIndexedSessionRepository repository = new NadbIndexedSessionRepository(builder);
    repository.events.listenTo(repository.entries.store());
    return repository;
  }

  /** Begins a repository whose sessions are in a namespace of a store's location. */
  public static Builder builder(KeyValueStore store) {
    return new Builder(store);
  }

  @Override
  public NadbSession createSession() {
    MapSession session = new MapSession(ids.generate());
    session.setMaxInactiveInterval(maxInactive);
    return wrap(session, true);
  }

  @Override
  public @Nullable NadbSession findById(String id) {
    return entries.find(id).map(session -> wrap(session, false)).orElse(null);
  }

  /**
   * Saves what the request has changed. Writes nothing if the store has the session no more.
   *
   * @throws IllegalArgumentException if an attribute can't be made into bytes; nothing is written
   */
  @Override
  public void save(NadbSession session) {
    if (session.isNew()) {
      entries.create(session);
      session.saved();
      events.created(session);
      return;
    }
    if (session.getId().equals(session.storedId())) {
      entries.update(session);
    } else {
      move(session);
    }
    session.saved();
  }

  private void move(NadbSession session) {
    String before = session.storedId();
    boolean moved = false;
    events.changing(before);
    try {
      moved = entries.move(session);
    } finally {
      events.changed(before, moved);
    }
  }

  @Override
  public void deleteById(String id) {
    if (events.wantsDeletions()) {
      entries.take(id).ifPresent(value -> events.deleted(id, value));
    } else {
      entries.delete(id);
    }
  }

  /** Returns the sessions that have an index value, such as a principal's name, by their ids. */
  @Override
  public Map<String, NadbSession> findByIndexNameAndIndexValue(String name, String value) {
    Map<String, NadbSession> found = new LinkedHashMap<>();
    entries.findByIndex(name, value).forEach((id, session) -> found.put(id, wrap(session, false)));
    return found;
  }

  private NadbSession wrap(MapSession session, boolean isNew) {
    return new NadbSession(session, isNew, ids, saveMode, entries::exists);
  }

  /** Ends events, and closes the handle on the namespace; sessions stay. */
  @Override
  public void close() {
    events.close();
    entries.store().close();
  }

  /**
   * Puts a repository together. Not thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Builder {
    private final KeyValueStore store;
    private String namespace = "sessions";
    private Duration maxInactive = MapSession.DEFAULT_MAX_INACTIVE_INTERVAL;
    private Codec<Object> attributes = SerializationCodec.of(Object.class);
    private IndexResolver<Session> indexes = new PrincipalNameIndexResolver<>();
    private SessionIdGenerator ids = UuidSessionIdGenerator.getInstance();
    private SaveMode saveMode = SaveMode.ON_SET_ATTRIBUTE;
    private @Nullable ApplicationEventPublisher publisher;

    private Builder(KeyValueStore store) {
      this.store = Objects.requireNonNull(store, "store");
    }

    /** The namespace, which has nothing else in it; {@code sessions} without this. */
    public Builder namespace(String name) {
      namespace = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * After how long without use a new session expires; negative: never. 30 minutes without this.
     */
    public Builder maxInactiveInterval(Duration interval) {
      maxInactive = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /**
     * The codec of attributes: Java's serialization without this, by this library's class loader.
     */
    public Builder attributes(Codec<Object> codec) {
      attributes = Objects.requireNonNull(codec, "codec");
      return this;
    }

    /** What sessions are found by; the principal's name without this. */
    public Builder indexes(IndexResolver<Session> resolver) {
      indexes = Objects.requireNonNull(resolver, "resolver");
      return this;
    }

    /** How ids of sessions are made; random UUIDs without this. */
    public Builder ids(SessionIdGenerator generator) {
      ids = Objects.requireNonNull(generator, "generator");
      return this;
    }

    /** What counts as changed; what was set or removed, without this. */
    public Builder saveMode(SaveMode mode) {
      saveMode = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /**
     * Publishes events of sessions: those of deletion and expiry for every session that goes, if
     * the store tells removals ({@code nadb:fs:}, {@code nadb:mem:}); else ({@code nadb:redis:})
     * those of creation and of {@link NadbIndexedSessionRepository#deleteById}.
     */
    public Builder events(ApplicationEventPublisher publisher) {
      this.publisher = Objects.requireNonNull(publisher, "publisher");
      return this;
    }

    /** Opens the namespace. */
    public NadbIndexedSessionRepository build() {
      return create(this);
    }
  }
}
