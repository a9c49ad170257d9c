package io.nadb.codec;

import java.util.Arrays;

/** Bytes as they are, but marked as such. */
enum BytesCodec implements Codec<byte[]> {
  INSTANCE;

  @Override
  public String format() {
    return "bytes";
  }

  @Override
  public byte[] encode(byte[] value) {
    return value;
  }

  @Override
  public byte[] decode(byte[] bytes) {
    return bytes;
  }

  @Override
  public boolean equal(byte[] one, byte[] other) {
    return Arrays.equals(one, other);
  }

  @Override
  public String toString() {
    return "Codec.bytes()";
  }
}
