package io.nadb.internal.store;

import io.nadb.ChangesLostException;
import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.ChangeStream;
import io.nadb.spi.CutLog;
import io.nadb.spi.CutReader;
import io.nadb.spi.CutsLostException;
import io.nadb.spi.StorageBackend;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets others follow the durable cuts of a store, if its backend keeps them. */
final class ChangeFeeds {
  private final String store;
  private final TimeSource time;
  private final StorageBackend backend;
  private final WriteBuffer buffer;
  private final Flusher flusher;
  private final Settlement settlement;
  private final OpenFeeds open;
  private final Runnable checkOpen;

  /**
   * Creates it.
   *
   * @param checkOpen throws if the store is closed
   */
  ChangeFeeds(
      String store,
      TimeSource time,
      StorageBackend backend,
      WriteBuffer buffer,
      Flusher flusher,
      Settlement settlement,
      OpenFeeds open,
      Runnable checkOpen) {
    this.store = store;
    this.time = time;
    this.backend = backend;
    this.buffer = buffer;
    this.flusher = flusher;
    this.settlement = settlement;
    this.open = open;
    this.checkOpen = checkOpen;
  }

  /**
   * Follows the cuts after a bookmark.
   *
   * @param namespace whose changes are wanted; null for all
   */
  ChangeStream open(String bookmark, @Nullable String namespace) {
    Bookmark from = Bookmark.parse(bookmark);
    checkOpen.run();
    CutLog log = log();
    // Before the first write there is nothing, in whichever lineage.
    if (from.sequence() > 0 && !from.lineage().equals(log.lineage())) {
      throw lost(
          "bookmark "
              + from
              + " is of another store, or of this one before it was restored (its lineage is now "
              + log.lineage()
              + ")");
    }
    try {
      CutReader reader = log.read(from.sequence());
      return new OpenChanges(this, open, reader, time, flusher.durable(), namespace);
    } catch (IOException e) {
      throw failed(from.sequence(), e);
    }
  }

  /** The bookmark after all that is durable. */
  String fromNow() {
    checkOpen.run();
    log();
    return bookmark(flusher.durable().sequence());
  }

  /** The bookmark after a write, which is durable when this returns, with all before it. */
  String after(long sequence) {
    checkOpen.run();
    log();
    if (sequence > buffer.sequence()) {
      throw new IllegalArgumentException(
          "store "
              + store
              + " has no write "
              + sequence
              + " (its last one is "
              + buffer.sequence()
              + "): the snapshot is not of this store");
    }
    settlement.withRetry(() -> flusher.flushThrough(sequence, FlushCause.EXPLICIT));
    return bookmark(sequence);
  }

  String bookmark(long sequence) {
    return new Bookmark(log().lineage(), sequence).toString();
  }

  void checkOpen() {
    checkOpen.run();
  }

  /** Says why the cuts after a number, or something in them, could not be read. */
  NadbException failed(long sequence, IOException e) {
    if (e instanceof CutsLostException) {
      return lost("the changes after write " + sequence + " can't be had: " + e.getMessage());
    }
    return new NadbException(
        "store "
            + store
            + ": reading the changes after write "
            + sequence
            + " failed: "
            + Reason.of(e),
        e);
  }

  private ChangesLostException lost(String why) {
    String oldest = bookmark(log().oldest());
    return new ChangesLostException(
        "store "
            + store
            + ": "
            + why
            + ". Make a copy anew from a snapshot, and follow the changes from there; or go on from"
            + " "
            + oldest
            + ", the oldest bookmark after which all is kept, without what came before. The option"
            + " 'history' keeps changes for longer",
        oldest);
  }

  private CutLog log() {
    return backend.cuts().orElseThrow(() -> Capabilities.noChanges(store));
  }
}
