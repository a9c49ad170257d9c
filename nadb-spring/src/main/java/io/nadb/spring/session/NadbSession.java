package io.nadb.spring.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.session.MapSession;
import org.springframework.session.SaveMode;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;

/**
 * A session of a {@link NadbIndexedSessionRepository}: what it was when it was found, and what one
 * request changes of it. For one thread at a time, as Spring's others.
 *
 * @since 0.1.0
 */
public final class NadbSession implements Session {
  private final MapSession session;
  private final SessionIdGenerator ids;
  private final SaveMode saveMode;
  private final Predicate<String> exists;
  private final Map<String, @Nullable Object> changes = new LinkedHashMap<>();
  private String storedId;
  private boolean isNew;
  private boolean hasOtherInterval;

  /**
   * Takes a session, which nobody else has.
   *
   * @param exists tells whether the store has a session of an id
   */
  NadbSession(
      MapSession session,
      boolean isNew,
      SessionIdGenerator ids,
      SaveMode saveMode,
      Predicate<String> exists) {
    this.session = session;
    this.isNew = isNew;
    this.ids = ids;
    this.saveMode = saveMode;
    this.exists = exists;
    this.storedId = session.getId();
    if (saveMode == SaveMode.ALWAYS) {
      session.getAttributeNames().forEach(name -> changes.put(name, session.getAttribute(name)));
    }
  }

  @Override
  public String getId() {
    return session.getId();
  }

  @Override
  public String changeSessionId() {
    String id = ids.generate();
    session.setId(id);
    return id;
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Spring's interface has it so.
  public <T> @Nullable T getAttribute(String name) {
    T value = session.getAttribute(name);
    if (value != null && saveMode == SaveMode.ON_GET_ATTRIBUTE) {
      changes.put(name, value);
    }
    return value;
  }

  @Override
  public Set<String> getAttributeNames() {
    return session.getAttributeNames();
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      removeAttribute(name);
    } else {
      session.setAttribute(name, value);
      changes.put(name, value);
    }
  }

  @Override
  public void removeAttribute(String name) {
    session.removeAttribute(name);
    changes.put(name, null);
  }

  @Override
  public Instant getCreationTime() {
    return session.getCreationTime();
  }

  /** Has the session be used now; the store goes by its own clock for when it expires. */
  @Override
  public void setLastAccessedTime(Instant time) {
    session.setLastAccessedTime(time);
  }

  @Override
  public Instant getLastAccessedTime() {
    return session.getLastAccessedTime();
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    session.setMaxInactiveInterval(interval);
    hasOtherInterval = true;
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return session.getMaxInactiveInterval();
  }

  /** Whether the store has this session no more. */
  @Override
  public boolean isExpired() {
    return !isNew && !exists.test(storedId);
  }

  /** The id by which the store has it, if it is not new. */
  String storedId() {
    return storedId;
  }

  boolean isNew() {
    return isNew;
  }

  /** Whether this request has set how long the session lives without use. */
  boolean hasOtherInterval() {
    return hasOtherInterval;
  }

  /** What this request has changed; null stands for what it has removed. */
  Map<String, @Nullable Object> changes() {
    return changes;
  }

  void saved() {
    changes.clear();
    storedId = session.getId();
    isNew = false;
    hasOtherInterval = false;
  }
}
