package io.nadb.jcache;

import io.nadb.codec.SerializationCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Java's serialization, as {@link SerializationCodec} does it, read by one class loader. */
final class JavaSerializer implements CacheSerializer {
  private final SerializationCodec<Object> codec;

  JavaSerializer(SerializationCodec<Object> codec) {
    this.codec = codec;
  }

  @Override
  public String id() {
    return "java";
  }

  @Override
  public byte[] serialize(Object value) throws IOException {
    return codec.encode(value);
  }

  @Override
  public byte[] serializeKey(Object key) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (ObjectOutputStream out = new SharingOutput(bytes)) {
      out.writeObject(key);
    }
    return bytes.toByteArray();
  }

  @Override
  public Object deserialize(byte[] bytes, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    return codec.decode(bytes);
  }

  /**
   * Writes equal parts of a key once, whether or not they are one object, so that equal keys have
   * equal bytes: Java writes an object that it has met before as a reference.
   */
  private static final class SharingOutput extends ObjectOutputStream {
    private final Map<Object, Object> parts = new HashMap<>();

    SharingOutput(OutputStream out) throws IOException {
      super(out);
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object part) {
      return isValue(part) ? parts.computeIfAbsent(part, same -> same) : part;
    }

    private static boolean isValue(Object part) {
      return part instanceof String
          || part instanceof Integer
          || part instanceof Long
          || part instanceof Short
          || part instanceof Byte
          || part instanceof Character
          || part instanceof Boolean
          || part instanceof Double
          || part instanceof Float
          || part.getClass() == BigInteger.class
          || part.getClass() == BigDecimal.class
          || part instanceof UUID;
    }
  }
}
