package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.KeyIndex;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the current record of a key: the way of every read of one key. Whoever asks has come in by
 * the gate ({@link SegmentSet#gate}), and so can read what the index leads to.
 */
public final class KeyLookup implements Lookup {
  private final SegmentSet state;

  public KeyLookup(SegmentSet state) {
    this.state = state;
  }

  /**
   * Finds a key's current record; null if there is none.
   *
   * @param withValue whether the value will be wanted
   */
  public RecordReader.@Nullable Found find(String namespace, String key, boolean withValue) {
    SegmentSet.Namespace known = state.known(namespace);
    SegmentSet.Namespace space = known == null ? state.unknown(namespace) : known;
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    RecordReader.Found found = find(space.fingerprint(keyBytes), space.name(), keyBytes, withValue);
    if (known == null && found != null) {
      state.namespace(namespace); // It has entries, and will be asked for again.
    }
    return found;
  }

  @Override
  public RecordReader.@Nullable Found find(
      KeyHasher.Fingerprint fingerprint, byte[] namespace, byte[] key, boolean withValue) {
    long position = state.index().find(fingerprint);
    if (position == 0) {
      return null;
    }
    if (withValue && Position.isTouch(position)) {
      return findTouched(fingerprint, namespace, key);
    }
    return at(position, namespace, key, withValue);
  }

  private RecordReader.@Nullable Found at(
      long position, byte[] namespace, byte[] key, boolean withValue) {
    Segment segment = state.segmentOf(position);
    int first = withValue ? segment.firstBytes(position) : LogRecord.INITIAL_BYTES;
    LogRecord record = segment.record(Position.offset(position), first);
    return record.isOf(namespace, key) ? new RecordReader.Found(segment, record, position) : null;
  }

  private RecordReader.@Nullable Found findTouched(
      KeyHasher.Fingerprint fingerprint, byte[] namespace, byte[] key) {
    KeyIndex.Touched touched = state.index().touched(fingerprint);
    if (touched == null) {
      return find(fingerprint, namespace, key, true); // It has been written since.
    }
    RecordReader.Found touch = at(touched.position(), namespace, key, false);
    return touch == null ? null : touch.valued(state, touched.value(), namespace, key);
  }

  @Override
  public boolean includes(LogRecord current) {
    return true;
  }
}
