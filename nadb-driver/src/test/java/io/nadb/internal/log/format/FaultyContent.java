package io.nadb.internal.log.format;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A mapped file, one page of which can't be read, as the JVM shows it before Java 21: it reads as
 * zeros, and the error comes when it is asked for.
 */
public final class FaultyContent implements Content {
  public static final int PAGE = 4096;

  private final byte[] seen;
  private final int from;
  private boolean pending;

  /** Can't be read for the length of a page, from an offset on. */
  FaultyContent(byte[] sound, long from) {
    this.seen = sound.clone();
    this.from = (int) from;
    if (from < seen.length) {
      Arrays.fill(seen, this.from, Math.min(seen.length, this.from + PAGE), (byte) 0);
    }
  }

  public static FaultyContent page(byte[] sound, int page) {
    return new FaultyContent(sound, (long) page * PAGE);
  }

  static FaultyContent whole(byte[] sound) {
    return new FaultyContent(sound, sound.length);
  }

  /** Whether an error is still to be told. */
  boolean isPending() {
    return pending;
  }

  private void touch(long offset, int length) {
    pending |= offset < from + PAGE && offset + length > from && from < seen.length;
  }

  @Override
  public void get(long offset, byte[] to, int at, int length) {
    touch(offset, length);
    System.arraycopy(seen, (int) offset, to, at, length);
  }

  @Override
  public byte byteAt(long offset) {
    touch(offset, 1);
    return seen[(int) offset];
  }

  @Override
  public int intAt(long offset) {
    touch(offset, Integer.BYTES);
    return (int) SegmentFormat.INT.get(seen, (int) offset);
  }

  @Override
  public void checkReads() {
    if (pending) {
      pending = false;
      throw new InternalError("a fault occurred");
    }
  }

  @Override
  public void renamed(Path to) {}

  @Override
  public void detach() {}

  @Override
  public void close() {}
}
