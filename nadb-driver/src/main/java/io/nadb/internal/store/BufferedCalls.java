package io.nadb.internal.store;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.internal.async.EntryCalls;
import io.nadb.internal.async.Reply;
import io.nadb.internal.async.WouldWait;
import io.nadb.spi.Change;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Asks a store with a buffer about single entries on the thread that calls. What a write waits for
 * once it is in the buffer, the {@link Settler} does.
 *
 * <p>One kind of it also waits, for the disk, for a server, for room in the buffer; the other, for
 * callers who must not, gives such a call up before anything has happened.
 */
final class BufferedCalls implements EntryCalls {
  private final BufferedEngine engine;
  private final InstantSource clock;
  private final StorageBackend backend;
  private final WriteBuffer buffer;
  private final UsageCounts usage;
  private final Settlement settlement;
  private final ConditionalCommits commits;
  private final Settler settler;
  private final boolean waits;

  /**
   * Creates it.
   *
   * @param settlement defers what is due
   * @param commits make changes with that settlement
   * @param waits which kind it is
   */
  BufferedCalls(
      BufferedEngine engine,
      InstantSource clock,
      StorageBackend backend,
      WriteBuffer buffer,
      UsageCounts usage,
      Settlement settlement,
      ConditionalCommits commits,
      Settler settler,
      boolean waits) {
    this.engine = engine;
    this.clock = clock;
    this.backend = backend;
    this.buffer = buffer;
    this.usage = usage;
    this.settlement = settlement;
    this.commits = commits;
    this.settler = settler;
    this.waits = waits;
  }

  @Override
  public void get(String namespace, String key, Reply<Optional<byte[]>> reply) {
    look(namespace, key);
    reply.answered(Optional.ofNullable(engine.get(namespace, key)));
  }

  @Override
  public void metadata(String namespace, String key, Reply<Optional<EntryMetadata>> reply) {
    lookBelow();
    reply.answered(Optional.ofNullable(engine.metadata(namespace, key)));
  }

  @Override
  public void entry(String namespace, String key, Reply<Optional<Entry>> reply) {
    lookBelow();
    reply.answered(Optional.ofNullable(engine.entry(namespace, key)));
  }

  @Override
  public void set(
      String namespace, String key, byte[] value, SetOptions options, Reply<Long> reply) {
    Limits.checkFits(value, backend);
    prepareWrite();
    long sequence;
    if (options.keepsTags() || options.keepsTtl()) {
      look(namespace, key);
      sequence = commits.setKeeping(namespace, key, value, options);
    } else {
      Instant written = clock.instant();
      long expiresAt = Expiry.of(options, written);
      sequence =
          settlement.commit(
              WriteBatch.set(
                  namespace, key, value, options.tags(), written.toEpochMilli(), expiresAt),
              usage.of(namespace).sets(),
              expiresAt);
    }
    finish(sequence, sequence, reply);
  }

  @Override
  public void delete(String namespace, String key, Reply<Boolean> reply) {
    prepareWrite();
    look(namespace, key);
    boolean existed = commits.delete(namespace, key);
    if (existed) {
      finish(buffer.sequence(), true, reply);
    } else {
      reply.answered(false);
    }
  }

  @Override
  public void change(String namespace, String key, Change change, Reply<Change.Outcome> reply) {
    prepareWrite();
    if (!waits && backend instanceof DirectBackend) {
      throw new WouldWait(); // The server decides it.
    }
    look(namespace, key);
    Change.Outcome outcome = commits.change(namespace, key, change);
    if (outcome.made()) {
      finish(buffer.sequence(), outcome, reply);
    } else {
      reply.answered(outcome);
    }
  }

  /** A listener may be waiting for one of those who have been told. */
  @Override
  public void afterwards() {
    settlement.deliver();
  }

  private void prepareWrite() {
    engine.checkWritable();
    if (settlement.isWatched()) {
      lookBelow(); // For what the write replaces.
    }
  }

  /** About to look an entry up, in the buffer or below it. */
  private void look(String namespace, String key) {
    if (!waits && !backend.isInMemory()) {
      Write write = buffer.read(namespace, key);
      if (write == null || !(write.isDelete() || write.hasValue())) {
        throw new WouldWait();
      }
    }
  }

  /** About to look something up that the buffer alone does not have. */
  private void lookBelow() {
    if (!waits && !backend.isInMemory()) {
      throw new WouldWait();
    }
  }

  /** Has a write be where it is to be, and then told. */
  private <T> void finish(long sequence, T answer, Reply<T> reply) {
    if (settlement.isDue()) {
      settler.add(sequence, () -> reply.answered(answer), reply::failed);
    } else {
      reply.answered(answer);
    }
  }
}
