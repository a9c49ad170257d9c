package io.nadb.spring.cache;

import io.nadb.codec.Codec;
import org.springframework.cache.support.NullValue;

/** Null as a value of a cache: a format of its own, and no bytes. */
enum NullCodec implements Codec<Object> {
  INSTANCE;

  @Override
  public String format() {
    return "spring.null";
  }

  @Override
  public byte[] encode(Object value) {
    return new byte[0];
  }

  @Override
  public Object decode(byte[] bytes) {
    return NullValue.INSTANCE;
  }

  @Override
  public String toString() {
    return "null as a value of a cache";
  }
}
