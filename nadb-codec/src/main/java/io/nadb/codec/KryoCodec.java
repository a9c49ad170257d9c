package io.nadb.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Kryo 5 ({@code com.esotericsoftware:kryo}): small and fast, and bound to the classes as they are;
 * format {@code kryo5}. Only classes that were registered are written or read.
 *
 * @param <V> the values
 * @since 0.1.0
 */
public final class KryoCodec<V> implements Codec<V> {
  private static final int INITIAL_BYTES = 512;
  private static final int NO_LIMIT = -1;

  private final Class<V> type;
  private final Pool<Kryo> pool;

  private KryoCodec(Class<V> type, Consumer<Kryo> configuration) {
    this.type = Objects.requireNonNull(type, "type");
    Objects.requireNonNull(configuration, "configuration");
    // Kryo is for one thread at a time, and soft references let idle ones go.
    this.pool =
        new Pool<>(true, true) {
          @Override
          protected Kryo create() {
            Kryo kryo = new Kryo();
            kryo.setRegistrationRequired(true);
            configuration.accept(kryo);
            return kryo;
          }
        };
  }

  /**
   * Creates a codec for values that have the given classes in them.
   *
   * @param type what the values are; registered before the others
   * @param others the classes in it, but for what Kryo knows itself; their order is part of what is
   *     written: add at the end, and take none away
   */
  public static <V> KryoCodec<V> of(Class<V> type, Class<?>... others) {
    List<Class<?>> classes = List.of(others);
    return of(
        type,
        kryo -> {
          kryo.register(type);
          classes.forEach(kryo::register);
        });
  }

  /**
   * Creates a codec with a configuration, which is called once for each Kryo that is made; it
   * registers classes, with numbers and serializers as it likes.
   */
  public static <V> KryoCodec<V> of(Class<V> type, Consumer<Kryo> configuration) {
    return new KryoCodec<>(type, configuration);
  }

  @Override
  public String format() {
    return "kryo5";
  }

  @Override
  public byte[] encode(V value) {
    Kryo kryo = pool.obtain();
    try (Output output = new Output(INITIAL_BYTES, NO_LIMIT)) {
      kryo.writeClassAndObject(output, value);
      return output.toBytes();
    } finally {
      kryo.reset();
      pool.free(kryo);
    }
  }

  @Override
  public V decode(byte[] bytes) {
    Kryo kryo = pool.obtain();
    try (Input input = new Input(bytes)) {
      V value = type.cast(kryo.readClassAndObject(input));
      if (input.position() < bytes.length) {
        throw new IllegalArgumentException(
            "the value ends after " + input.position() + " of " + bytes.length + " bytes");
      }
      return value;
    } finally {
      kryo.reset();
      pool.free(kryo);
    }
  }

  @Override
  public String toString() {
    return "KryoCodec of " + type.getName();
  }
}
