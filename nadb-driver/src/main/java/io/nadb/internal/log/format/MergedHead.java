package io.nadb.internal.log.format;

import static io.nadb.internal.log.format.SegmentFormat.COVERED_AT;
import static io.nadb.internal.log.format.SegmentFormat.CRC_AT;
import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.KIND_AT;
import static io.nadb.internal.log.format.SegmentFormat.LENGTH_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_CODEC_AT;
import static io.nadb.internal.log.format.SegmentFormat.RECORD_VALUE_CRC_AT;

/** The head of the record that a touch and the record with its value make together. */
final class MergedHead {
  private static final int KEPT = SegmentFormat.FLAG_CREATED | SegmentFormat.FLAG_EXPIRES;

  private MergedHead() {}

  /** Makes it: all is as the touch has it, but for what says how the value stands here. */
  static byte[] of(LogRecord touch, LogRecord valued) {
    byte[] touching = touch.head();
    byte[] having = valued.head();
    int codec = having[KIND_AT] & SegmentFormat.FLAG_CODEC;
    // The value's length as it was set, which only a value that is compressed needs.
    int from = touch.textAt();
    int to = codec == 0 ? from - Integer.BYTES : from;
    byte[] head = new byte[touching.length - from + to];
    System.arraycopy(touching, 0, head, 0, to);
    System.arraycopy(touching, from, head, to, touching.length - from);
    INT.set(head, LENGTH_AT, Math.addExact(head.length, valued.length() - having.length));
    head[KIND_AT] = (byte) (SegmentFormat.KIND_SET | (touching[KIND_AT] & KEPT) | codec);
    head[RECORD_CODEC_AT] = having[RECORD_CODEC_AT];
    INT.set(head, RECORD_VALUE_CRC_AT, (int) INT.get(having, RECORD_VALUE_CRC_AT));
    INT.set(head, CRC_AT, SegmentFormat.crc(head, COVERED_AT, head.length));
    return head;
  }
}
