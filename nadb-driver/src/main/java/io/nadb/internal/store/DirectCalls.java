package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.NadbTimeoutException;
import io.nadb.SetOptions;
import io.nadb.internal.async.AsyncCalls;
import io.nadb.internal.async.AsyncThreads;
import io.nadb.internal.async.Call;
import io.nadb.internal.async.EntryCalls;
import io.nadb.internal.async.Lane;
import io.nadb.internal.async.Pipeline;
import io.nadb.internal.async.PipelinedBackend;
import io.nadb.internal.async.Reply;
import io.nadb.spi.Change;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Asks a server about several entries together, for those who do not wait. For one thread. */
final class DirectCalls implements EntryCalls {
  /** So many connections are used: while one has answers under way, another is sent to. */
  private static final int MAX_PIPELINES = 2;

  /** So many calls one connection takes at a time, at most. */
  private static final int MAX_CALLS = 1000;

  private static final long MAX_BYTES = 1 << 20;

  /** So many must wait for the second connection to be used. */
  private static final int CROWD = 32;

  /** So many threads there are before a backend that takes one call at a time. */
  private static final int MAX_SINGLE = 4;

  private final DirectBackend backend;
  private final ServerCalls calls;
  private final UsageCounts usage;
  private final AtomicLong sequence;
  private final Pipeline pipeline;
  private int answered;
  private @Nullable NadbTimeoutException late;

  private DirectCalls(
      DirectBackend backend,
      ServerCalls calls,
      UsageCounts usage,
      AtomicLong sequence,
      Pipeline pipeline) {
    this.backend = backend;
    this.calls = calls;
    this.usage = usage;
    this.sequence = sequence;
    this.pipeline = pipeline;
  }

  /**
   * What makes the calls of a store; makes none yet.
   *
   * @param sequence gives numbers to writes
   */
  static AsyncCalls of(
      String store,
      DirectBackend backend,
      ServerCalls calls,
      UsageCounts usage,
      AtomicLong sequence) {
    Lane.Maker maker =
        batch -> {
          Pipeline pipeline =
              backend instanceof PipelinedBackend pipelined
                  ? pipelined.pipeline()
                  : new SingleCalls(backend, calls);
          return new DirectCalls(backend, calls, usage, sequence, pipeline).make(batch);
        };
    Lane entries =
        backend instanceof PipelinedBackend
            ? Lane.together(MAX_PIPELINES, MAX_CALLS, MAX_BYTES, CROWD, maker)
            : Lane.single(MAX_SINGLE, maker);
    return AsyncCalls.of(
        store,
        new AsyncThreads(store),
        entries,
        BufferedAsync.MAX_TASK_THREADS,
        null,
        calls::closed);
  }

  private @Nullable RuntimeException make(List<Call<?>> batch) {
    calls.checkOpen();
    batch.forEach(call -> call.ask(this));
    pipeline.send();
    NadbTimeoutException first = late;
    return answered > 0 || first == null
        ? null
        : new NadbTimeoutException(
            "not sent, since calls before it have waited in vain; nothing was done: "
                + first.getMessage(),
            first);
  }

  /** Notes whether the server answers. */
  private <T> Reply<T> noted(Reply<T> reply) {
    return new Reply<>() {
      @Override
      public void answered(T answer) {
        answered++;
        calls.answered();
        reply.answered(answer);
      }

      @Override
      public void failed(Throwable failure) {
        if (failure instanceof NadbTimeoutException timeout) {
          late = timeout;
        }
        reply.failed(calls.explained(failure));
      }
    };
  }

  @Override
  public void get(String namespace, String key, Reply<Optional<byte[]>> reply) {
    Reply<Optional<byte[]>> counted =
        reply.after(
            value -> {
              usage.read(namespace, 1, value.isPresent() ? 1 : 0);
              return value;
            });
    pipeline.value(namespace, key, noted(counted));
  }

  @Override
  public void metadata(String namespace, String key, Reply<Optional<EntryMetadata>> reply) {
    pipeline.entry(
        namespace, key, noted(reply.after(stored -> stored.map(StoredEntry::toMetadata))));
  }

  @Override
  public void entry(String namespace, String key, Reply<Optional<Entry>> reply) {
    pipeline.read(
        namespace,
        key,
        noted(
            reply.after(
                stored -> stored.map(each -> new Entry(each.entry().toMetadata(), each.value())))));
  }

  @Override
  public void set(
      String namespace, String key, byte[] value, SetOptions options, Reply<Long> reply) {
    Limits.checkFits(value, backend);
    Instant now = backend.clock().instant();
    long millis = now.toEpochMilli();
    long expiresAt = options.keepsTtl() ? Write.NEVER : Expiry.of(options, now);
    Reply<Write> counted =
        reply.after(
            written -> {
              usage.of(namespace).written(false);
              return sequence.incrementAndGet();
            });
    pipeline.set(
        namespace,
        key,
        Write.set(0, value, options.tags(), millis, true, millis, expiresAt),
        options,
        noted(counted));
  }

  @Override
  public void delete(String namespace, String key, Reply<Boolean> reply) {
    Reply<Boolean> counted =
        reply.after(
            existed -> {
              if (existed) {
                usage.of(namespace).written(true);
                sequence.incrementAndGet();
              }
              return existed;
            });
    pipeline.delete(namespace, key, noted(counted));
  }

  @Override
  public void change(String namespace, String key, Change change, Reply<Change.Outcome> reply) {
    if (change instanceof Change.Put put) {
      Limits.checkFits(put.value(), backend);
    }
    Expiry.check(change, backend.clock().instant());
    Reply<Change.Outcome> counted =
        reply.after(
            outcome -> {
              if (outcome.made()) {
                usage.changed(namespace, change);
                sequence.incrementAndGet();
              }
              return outcome;
            });
    pipeline.change(namespace, key, change, noted(counted));
  }
}
