package io.nadb.internal.store;

import io.nadb.SetOptions;
import io.nadb.internal.async.Pipeline;
import io.nadb.internal.async.Reply;
import io.nadb.spi.Change;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls to a backend that takes one at a time: each is made when it is added. */
final class SingleCalls implements Pipeline {
  private final DirectBackend backend;
  private final ServerCalls calls;
  private final InstantSource clock;

  SingleCalls(DirectBackend backend, ServerCalls calls) {
    this.backend = backend;
    this.calls = calls;
    this.clock = backend.clock();
  }

  private <T extends @Nullable Object> void ask(
      ServerCalls.Question<T> question, Reply<? super T> reply) {
    T answer;
    try {
      answer = calls.ask(question);
    } catch (RuntimeException e) {
      reply.failed(e);
      return;
    }
    reply.answered(answer);
  }

  @Override
  public void value(String namespace, String key, Reply<Optional<byte[]>> reply) {
    ask(() -> Optional.ofNullable(backend.value(namespace, key, clock::millis)), reply);
  }

  @Override
  public void entry(String namespace, String key, Reply<Optional<StoredEntry>> reply) {
    ask(() -> Optional.ofNullable(backend.entry(namespace, key)), reply);
  }

  @Override
  public void read(String namespace, String key, Reply<Optional<StoredValue>> reply) {
    ask(() -> Optional.ofNullable(backend.read(namespace, key)), reply);
  }

  @Override
  public void set(
      String namespace, String key, Write write, SetOptions options, Reply<Write> reply) {
    ask(
        () -> {
          backend.set(namespace, key, write, options);
          return write;
        },
        reply);
  }

  @Override
  public void delete(String namespace, String key, Reply<Boolean> reply) {
    ask(() -> backend.delete(namespace, key), reply);
  }

  @Override
  public void change(String namespace, String key, Change change, Reply<Change.Outcome> reply) {
    ask(() -> backend.change(namespace, key, change), reply);
  }

  @Override
  public void send() {}
}
