package io.nadb.internal.redis;

import io.nadb.SetOptions;
import io.nadb.internal.async.Pipeline;
import io.nadb.internal.async.Reply;
import io.nadb.spi.Change;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls of different callers, of which reads of values are answered near if they can be. What is
 * written is forgotten before its reply is told, as {@link NearBackend} does.
 */
final class NearPipeline implements Pipeline {
  private final Pipeline server;
  private final NearEntries entries;
  private final NearCache cache;
  private final Map<String, Map<String, List<Reply<Optional<byte[]>>>>> values =
      new LinkedHashMap<>();

  NearPipeline(Pipeline server, NearEntries entries, NearCache cache) {
    this.server = server;
    this.entries = entries;
    this.cache = cache;
  }

  /** Forgets what a call is about before anybody is told of the call, however it ended. */
  private <T> Reply<T> forgetting(String namespace, String key, Reply<T> reply) {
    return new Reply<>() {
      @Override
      public void answered(T answer) {
        cache.forget(namespace, key);
        reply.answered(answer);
      }

      @Override
      public void failed(Throwable failure) {
        cache.forget(namespace, key);
        reply.failed(failure);
      }
    };
  }

  @Override
  public void value(String namespace, String key, Reply<Optional<byte[]>> reply) {
    values
        .computeIfAbsent(namespace, same -> new LinkedHashMap<>())
        .computeIfAbsent(key, same -> new ArrayList<>(1))
        .add(reply);
  }

  @Override
  public void entry(String namespace, String key, Reply<Optional<StoredEntry>> reply) {
    server.entry(namespace, key, forgetting(namespace, key, reply)); // As a transaction's look.
  }

  @Override
  public void read(String namespace, String key, Reply<Optional<StoredValue>> reply) {
    server.read(namespace, key, forgetting(namespace, key, reply));
  }

  @Override
  public void set(
      String namespace, String key, Write write, SetOptions options, Reply<Write> reply) {
    server.set(namespace, key, write, options, forgetting(namespace, key, reply));
  }

  @Override
  public void delete(String namespace, String key, Reply<Boolean> reply) {
    server.delete(namespace, key, forgetting(namespace, key, reply));
  }

  @Override
  public void change(String namespace, String key, Change change, Reply<Change.Outcome> reply) {
    server.change(namespace, key, change, forgetting(namespace, key, reply));
  }

  @Override
  public void send() {
    server.send();
    values.forEach(this::readAll);
  }

  private void readAll(String namespace, Map<String, List<Reply<Optional<byte[]>>>> replies) {
    Map<String, byte[]> found;
    try {
      found = entries.values(namespace, replies.keySet());
    } catch (RuntimeException e) {
      replies.values().forEach(all -> all.forEach(reply -> reply.failed(e)));
      return;
    }
    replies.forEach(
        (key, all) -> {
          byte[] value = found.get(key);
          for (Reply<Optional<byte[]>> reply : all) { // Each gets an array of its own.
            reply.answered(Optional.ofNullable(value == null ? null : value.clone()));
          }
        });
  }
}
