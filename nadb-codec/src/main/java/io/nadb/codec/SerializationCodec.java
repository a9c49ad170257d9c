package io.nadb.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Java's own serialization: format {@code java}. For what must take any {@link
 * java.io.Serializable} and knows nothing of it, as caches and sessions do.
 *
 * <p>Texts, {@code Integer}, {@code Long}, {@code Double}, {@code Boolean} and arrays of bytes are
 * written as they are, after a letter for the type; any other object as Java serializes it, but
 * that the descriptions of its classes are made once and read once for all values of a codec. What
 * Java itself has serialized is read too.
 *
 * <p>Whoever can write to the store can have any class of the class path deserialized, as far as a
 * filter ({@link #withFilter}) and that of the JVM ({@code jdk.serialFilter}) allow. Arrays that
 * are longer than the bytes could fill, and more than a thousand objects inside each other, are
 * refused in any case when they are read; the latter can be written all the same.
 *
 * @param <V> the values
 * @since 0.1.0
 */
public final class SerializationCodec<V> implements Codec<V> {
  private static final int MAX_DEPTH = 1000;
  private static final int SMALL_ARRAY = 1024;

  private final Class<V> type;
  private final ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;
  private final ClassDescriptions descriptions = new ClassDescriptions();

  private SerializationCodec(
      Class<V> type, ClassLoader loader, @Nullable ObjectInputFilter filter) {
    this.type = Objects.requireNonNull(type, "type");
    this.loader = Objects.requireNonNull(loader, "loader");
    this.filter = filter;
  }

  /** Creates a codec that finds classes where the type is from, or else by the calling thread. */
  public static <V> SerializationCodec<V> of(Class<V> type) {
    ClassLoader loader = type.getClassLoader();
    return of(type, loader == null ? ClassLoader.getSystemClassLoader() : loader);
  }

  /**
   * Creates a codec that finds classes by a class loader, as of an application in a container, or
   * else by the calling thread's.
   */
  public static <V> SerializationCodec<V> of(Class<V> type, ClassLoader loader) {
    return new SerializationCodec<>(type, loader, null);
  }

  /**
   * Returns this codec, but reading only what a filter lets pass, such as {@code
   * ObjectInputFilter.Config.createFilter("com.example.*;java.base/*;!*")}. What is written as it
   * is passes no filter.
   */
  public SerializationCodec<V> withFilter(ObjectInputFilter filter) {
    return new SerializationCodec<>(type, loader, Objects.requireNonNull(filter, "filter"));
  }

  @Override
  public String format() {
    return "java";
  }

  @Override
  public byte[] encode(V value) throws IOException {
    byte[] plain = PlainValue.write(value);
    try {
      return plain != null ? plain : ObjectWriter.write(value, descriptions);
    } catch (StackOverflowError e) {
      throw tooDeep(e);
    }
  }

  @Override
  @SuppressWarnings("BanSerializableRead") // What this is for; the type's Javadoc says the danger.
  public V decode(byte[] bytes) throws IOException, ClassNotFoundException {
    Object plain = PlainValue.read(bytes);
    if (plain != null) {
      return type.cast(plain);
    }
    try (ObjectReader in = ObjectReader.open(bytes, loader, descriptions)) {
      in.setObjectInputFilter(filterFor(bytes.length));
      return type.cast(in.readObject());
    } catch (StackOverflowError e) {
      throw tooDeep(e);
    }
  }

  /** An exception, so that whoever drops what can't be read drops this too. */
  private static InvalidObjectException tooDeep(StackOverflowError e) {
    InvalidObjectException problem =
        new InvalidObjectException("objects are nested too deeply for the stack of this thread");
    problem.initCause(e);
    return problem;
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

  @Override
  public String toString() {
    return "SerializationCodec of " + type.getName();
  }
}
