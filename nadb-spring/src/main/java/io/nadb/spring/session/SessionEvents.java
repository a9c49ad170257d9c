package io.nadb.spring.session;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.StoreCapability;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.session.Session;
import org.springframework.session.events.SessionCreatedEvent;
import org.springframework.session.events.SessionDeletedEvent;
import org.springframework.session.events.SessionExpiredEvent;

/**
 * Publishes that sessions were created, deleted and have expired, each once.
 *
 * <p>Of the last two it learns from the store, which tells every removal, whoever did it. A store
 * that does not tell them leaves what this repository itself deletes.
 */
final class SessionEvents implements RemovalListener, AutoCloseable {
  private final Object source;
  private final @Nullable ApplicationEventPublisher publisher;
  private final BiFunction<String, Optional<byte[]>, Session> sessions;
  private final boolean told;

  /** Ids that sessions have given up for others; their entries go, but they do not. */
  private final Set<String> changed = ConcurrentHashMap.newKeySet();

  private @Nullable Registration registration;

  SessionEvents(
      Object source,
      KeyValueStore store,
      @Nullable ApplicationEventPublisher publisher,
      BiFunction<String, Optional<byte[]>, Session> sessions) {
    this.source = source;
    this.publisher = publisher;
    this.sessions = sessions;
    this.told = publisher != null && store.capabilities().contains(StoreCapability.REMOVALS);
  }

  /** Begins to listen; once, by the thread that makes the repository. */
  void listenTo(KeyValueStore store) {
    if (told) {
      registration = store.onRemoval(this);
    }
  }

  void created(Session session) {
    if (publisher != null) {
      publisher.publishEvent(new SessionCreatedEvent(source, session));
    }
  }

  /** Whether a deletion is to be published by whoever deletes. */
  boolean wantsDeletions() {
    return publisher != null && !told;
  }

  void deleted(String id, byte[] value) {
    publish(new SessionDeletedEvent(source, sessions.apply(id, Optional.of(value))));
  }

  /** Called before an entry is deleted because its session has another id. */
  void changing(String id) {
    if (told) {
      changed.add(id);
    }
  }

  /** Called if it was not deleted after all. */
  void notChanged(String id) {
    changed.remove(id);
  }

  @Override
  public boolean wantsValue(RemovalCause cause) {
    return cause != RemovalCause.REPLACED;
  }

  @Override
  public void onRemoval(Removal removal) {
    if (removal.cause() == RemovalCause.REPLACED || changed.remove(removal.key())) {
      return;
    }
    Session session = sessions.apply(removal.key(), removal.value());
    publish(
        removal.cause() == RemovalCause.EXPIRED
            ? new SessionExpiredEvent(source, session)
            : new SessionDeletedEvent(source, session));
  }

  private void publish(ApplicationEvent event) {
    if (publisher != null) {
      publisher.publishEvent(event);
    }
  }

  @Override
  public void close() {
    if (registration != null) {
      registration.close();
    }
  }
}
