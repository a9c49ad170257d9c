package io.nadb.internal.log.append;

import io.nadb.NadbException;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.format.CutWriter;
import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.Preloading;
import io.nadb.internal.log.segment.IndexBatch;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.Cut;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns a cut into records at the end of a segment.
 *
 * <p>A large index is not in the processor's cache, and each write has to look for its key's former
 * record. So writes are taken in batches, which wait for memory once instead of one by one.
 */
final class CutEncoder {
  private static final int BATCH = Preloading.BATCH;

  /**
   * The most that a record has beside namespace, key, tags and value, with the padding after it.
   */
  private static final long OVERHEAD =
      SegmentFormat.RECORD_BYTES + 2 * Long.BYTES + Integer.BYTES + Position.ALIGNMENT;

  private final SegmentSet state;
  private final Codec codec;
  private final CutWriter writer = new CutWriter();
  private final IndexBatch records = new IndexBatch();

  private final SegmentSet.Namespace[] namespaces = new SegmentSet.Namespace[BATCH];
  private final byte[][] keys = new byte[BATCH][];
  private final KeyHasher.Fingerprint[] fingerprints = new KeyHasher.Fingerprint[BATCH];
  private final long[] firsts = new long[BATCH];
  private final Write[] writes = new Write[BATCH];
  private int batched;
  private final Preloading preloading = new Preloading();

  CutEncoder(SegmentSet state, Codec codec) {
    this.state = state;
    this.codec = codec;
  }

  /** Gives the most bytes that a cut can take. */
  static long bound(Cut cut) {
    return SegmentFormat.COMMIT_BYTES + cut.size() * OVERHEAD + cut.contentBytes();
  }

  /**
   * Writes a cut at the end of a segment.
   *
   * @param time when the cut was made
   * @param keepsDeletes whether also such deletions are written whose key the index does not have
   * @return the records, until the next cut
   */
  IndexBatch write(Cut cut, long time, Segment segment, StorageIo.Output out, boolean keepsDeletes)
      throws IOException {
    writer.begin(segment.end());
    records.clear();
    batched = 0;
    cut.forEach(
        (namespace, key, write) -> {
          if (batched == BATCH) {
            writeBatch(segment, out, keepsDeletes);
          }
          add(namespace, key, write);
        });
    writeBatch(segment, out, keepsDeletes);
    Arrays.fill(writes, null); // Or the last ones would be held until the next cut.
    Arrays.fill(keys, null);
    writer.commit(
        out,
        new SegmentScanner.Commit(
            records.count(), cut.sequence(), segment.end(), segment.syncedEnd(), time, 0),
        state.hasher());
    return records;
  }

  /** Lets go of memory until there is something to write again. */
  void rest() {
    writer.rest();
    records.rest();
  }

  /** Where the next cut goes. */
  long end() {
    return writer.offset();
  }

  private void add(String namespace, String key, Write write) {
    SegmentSet.Namespace space = state.namespace(namespace);
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    KeyHasher.Fingerprint fingerprint = space.fingerprint(bytes);
    namespaces[batched] = space;
    keys[batched] = bytes;
    fingerprints[batched] = fingerprint;
    firsts[batched] = fingerprint.low();
    writes[batched] = write;
    batched++;
  }

  private void writeBatch(Segment segment, StorageIo.Output out, boolean keepsDeletes)
      throws IOException {
    preloading.slots(state.index(), firsts, 0, batched);
    for (int i = 0; i < batched; i++) {
      write(i, segment, out, keepsDeletes);
    }
    batched = 0;
  }

  private void write(int i, Segment segment, StorageIo.Output out, boolean keepsDeletes)
      throws IOException {
    Write write = writes[i];
    KeyHasher.Fingerprint key = fingerprints[i];
    KeyIndex.Slot before =
        write.isDelete() || write.isTouch() || write.inheritsCreated()
            ? state.index().lookup(key)
            : null;
    if (write.isDelete() && before == null && !keepsDeletes) {
      return; // There is nothing in the log that this would have to hide.
    }
    long createdAt = created(write, before);
    boolean touch = write.isTouch() && hasTouched(write, before);
    long offset = writer.offset();
    int length = writer.write(out, namespaces[i].name(), keys[i], write, touch, createdAt, codec);
    int flags = flags(write, touch);
    records.add(key, createdAt, Position.of(segment.handle(), offset, length, flags));
  }

  private static int flags(Write write, boolean touch) {
    return (write.expiresAt() != Write.NEVER ? Position.TTL : 0)
        | (write.tags().isEmpty() ? 0 : Position.TAGGED)
        | (write.isDelete() ? Position.REMOVED : 0)
        | (touch ? Position.TOUCH : 0);
  }

  /**
   * Whether the log has what a touch has touched. If it brings no value, the value has been on disk
   * for long, and nothing has removed it since.
   */
  private boolean hasTouched(Write touch, KeyIndex.@Nullable Slot before) {
    return before != null && (!touch.hasValue() || sequence(before.position()) == touch.touched());
  }

  /** The sequence number of a record; 0 if that can't be read. */
  private long sequence(long position) {
    Segment segment = state.segmentOf(position);
    try {
      return segment.record(Position.offset(position), LogRecord.INITIAL_BYTES).sequence();
    } catch (NadbException | InternalError e) {
      return 0;
    }
  }

  private long created(Write write, KeyIndex.@Nullable Slot before) {
    if (!write.inheritsCreated() || before == null) {
      return write.created();
    }
    boolean gone =
        Position.hasTtl(before.position()) && hasExpired(before.position(), write.created());
    return gone ? write.created() : before.created();
  }

  private boolean hasExpired(long position, long now) {
    Segment segment = state.segmentOf(position);
    try {
      return now >= segment.record(Position.offset(position), LogRecord.INITIAL_BYTES).expiresAt();
    } catch (NadbException | InternalError e) {
      return false; // A damaged record must not keep its successor from being written.
    }
  }
}
