package io.nadb.samples.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who is logged in: a session ends half an hour after it was last used. */
final class Sessions {
  static final Duration TTL = Duration.ofMinutes(30);

  private final KeyValueStore store;

  Sessions(KeyValueStore store) {
    this.store = store;
  }

  /** Begins a session and returns its secret id. */
  String begin(String user) {
    String id = UUID.randomUUID().toString();
    store.set(id, user.getBytes(UTF_8), SetOptions.ttl(TTL).withTags(user));
    return id;
  }

  /**
   * Returns whose session it is, and makes it last for another half an hour. A session that
   * somebody ends in the meantime stays ended: {@code touch} makes no entry, as {@code set} would.
   */
  Optional<String> use(String id) {
    Optional<String> user = store.get(id).map(value -> new String(value, UTF_8));
    return user.filter(name -> store.touch(id, TTL));
  }

  /** Ends all sessions of a user, on whatever device. */
  void endAll(String user) {
    List<EntryMetadata> sessions = store.queryByTags(user);
    sessions.forEach(session -> store.delete(session.key()));
  }
}
