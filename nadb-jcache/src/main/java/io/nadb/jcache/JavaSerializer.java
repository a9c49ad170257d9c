package io.nadb.jcache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
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

  JavaSerializer(@Nullable ObjectInputFilter filter) {
    this.filter = filter;
  }

  @Override
  public String id() {
    return "java";
  }

  @Override
  public byte[] serialize(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
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
    try (ObjectInputStream in = new LoaderInput(new ByteArrayInputStream(bytes), loader)) {
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

  /** Finds classes where the manager does, and else where the calling thread does. */
  private static final class LoaderInput extends ObjectInputStream {
    private final ClassLoader loader;

    LoaderInput(InputStream in, ClassLoader loader) throws IOException {
      super(in);
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        if (ofThread != null && ofThread != loader) {
          try {
            return Class.forName(description.getName(), false, ofThread);
          } catch (ClassNotFoundException again) {
            e.addSuppressed(again);
          }
        }
        return primitiveOr(description, e);
      }
    }

    private Class<?> primitiveOr(ObjectStreamClass description, ClassNotFoundException missing)
        throws IOException, ClassNotFoundException {
      try {
        return super.resolveClass(description);
      } catch (ClassNotFoundException e) {
        throw missing;
      }
    }

    @Override
    @SuppressWarnings("deprecation") // It is what makes a proxy's class without an object of it.
    protected Class<?> resolveProxyClass(String[] interfaces)
        throws IOException, ClassNotFoundException {
      Class<?>[] types = new Class<?>[interfaces.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = Class.forName(interfaces[i], false, loader);
      }
      try {
        return Proxy.getProxyClass(loader, types);
      } catch (IllegalArgumentException e) {
        throw new ClassNotFoundException("the proxy of " + String.join(", ", interfaces), e);
      }
    }
  }
}
