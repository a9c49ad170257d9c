package io.nadb.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;

/** Text in UTF-8; what is not whole in either direction is an error, never a question mark. */
enum StringCodec implements Codec<String> {
  INSTANCE;

  @Override
  public String format() {
    return "utf-8";
  }

  @Override
  public byte[] encode(String value) throws CharacterCodingException {
    ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(value));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  @Override
  public String decode(byte[] bytes) throws CharacterCodingException {
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  @Override
  public String toString() {
    return "Codec.strings()";
  }
}
