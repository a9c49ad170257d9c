package io.nadb.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.Objects;

/**
 * Java's own serialization: format {@code java}. For what must take any {@link
 * java.io.Serializable} and knows nothing of it, as caches and sessions do.
 *
 * <p>Whoever can write to the store can have any class of the class path deserialized, as far as
 * the JVM's filter ({@code jdk.serialFilter}) allows.
 *
 * @param <V> the values
 * @since 0.1.0
 */
public final class SerializationCodec<V> implements Codec<V> {
  private final Class<V> type;
  private final ClassLoader loader;

  private SerializationCodec(Class<V> type, ClassLoader loader) {
    this.type = Objects.requireNonNull(type, "type");
    this.loader = Objects.requireNonNull(loader, "loader");
  }

  /** Creates a codec that finds classes where the type is from. */
  public static <V> SerializationCodec<V> of(Class<V> type) {
    ClassLoader loader = type.getClassLoader();
    return of(type, loader == null ? ClassLoader.getSystemClassLoader() : loader);
  }

  /** Creates a codec that finds classes by a class loader, as of an application in a container. */
  public static <V> SerializationCodec<V> of(Class<V> type, ClassLoader loader) {
    return new SerializationCodec<>(type, loader);
  }

  @Override
  public String format() {
    return "java";
  }

  @Override
  public byte[] encode(V value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  @Override
  @SuppressWarnings("BanSerializableRead") // What this is for; the type's Javadoc says the danger.
  public V decode(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new LoadingInput(new ByteArrayInputStream(bytes), loader)) {
      return type.cast(in.readObject());
    }
  }

  @Override
  public String toString() {
    return "SerializationCodec of " + type.getName();
  }

  /** Looks for classes where it was told, and not where the caller's caller happens to be from. */
  private static final class LoadingInput extends ObjectInputStream {
    private final ClassLoader loader;

    LoadingInput(InputStream in, ClassLoader loader) throws IOException {
      super(in);
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass described)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(described.getName(), false, loader);
      } catch (ClassNotFoundException e) {
        return super.resolveClass(described); // Primitive types have no loader.
      }
    }
  }
}
