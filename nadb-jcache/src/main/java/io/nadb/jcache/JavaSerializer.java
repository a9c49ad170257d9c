package io.nadb.jcache;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Java's serialization, read through a filter.
 *
 * <p>What is read passes the filter of the configuration, that of the JVM ({@code
 * jdk.serialFilter}), and two limits that no honest value meets: 1000 objects inside each other,
 * and arrays longer than the bytes that are left could fill.
 */
final class JavaSerializer implements CacheSerializer {
  private static final int MAX_DEPTH = 1000;
  private static final int SMALL_ARRAY = 1024;

  private final @Nullable ObjectInputFilter filter;
  private final ClassDescriptions descriptions = new ClassDescriptions();

  JavaSerializer(@Nullable ObjectInputFilter filter) {
    this.filter = filter;
  }

  @Override
  public String id() {
    return "java";
  }

  @Override
  public byte[] serialize(Object value) throws IOException {
    byte[] plain = PlainValue.write(value);
    return plain != null ? plain : ObjectWriter.write(value, descriptions);
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
    Object plain = PlainValue.read(bytes);
    if (plain != null) {
      return plain;
    }
    try (ObjectReader in = ObjectReader.open(bytes, loader, descriptions)) {
      in.setObjectInputFilter(filterFor(bytes.length));
      return in.readObject();
    }
  }

  private ObjectInputFilter filterFor(int length) {
    long longest = SMALL_ARRAY + 4L * length;
    ObjectInputFilter limits =
        info ->
            info.depth() > MAX_DEPTH || info.arrayLength() > longest
                ? Status.REJECTED
                : Status.UNDECIDED;
    ObjectInputFilter ofJvm = ObjectInputFilter.Config.getSerialFilter();
    return ObjectInputFilter.merge(limits, ObjectInputFilter.merge(orNone(filter), ofJvm));
  }

  private static ObjectInputFilter orNone(@Nullable ObjectInputFilter filter) {
    return filter != null ? filter : info -> Status.UNDECIDED;
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
