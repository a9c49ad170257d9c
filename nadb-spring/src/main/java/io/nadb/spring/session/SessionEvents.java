package io.nadb.spring.session;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.StoreCapability;
import java.util.Optional;
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

  private final IdChanges changes = new IdChanges();

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

  /** Called before an entry is deleted because its session gets another id. */
  void changing(String id) {
    if (told) {
      changes.begin(id);
    }
  }

  /** Called when it was, or was not after all. */
  void changed(String id, boolean done) {
    if (told) {
      changes.end(id, done).ifPresent(this::tell);
    }
  }

  @Override
  public boolean wantsValue(RemovalCause cause) {
    return cause != RemovalCause.REPLACED;
  }

  @Override
  public void onRemoval(Removal removal) {
    if (removal.cause() != RemovalCause.REPLACED && !changes.takes(removal)) {
      tell(removal);
    }
  }

  private void tell(Removal removal) {
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
