package io.nadb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SerializationCodecTest {

  private record Place(String city, Class<?> type) implements Serializable {}

  @Test
  void whatIsSerializableComesBackAsItWas() throws Exception {
    Codec<Object> codec = SerializationCodec.of(Object.class);
    Place place = (Place) codec.decode(codec.encode(new Place("Ulm", int.class)));

    assertThat(place.city()).isEqualTo("Ulm");
    assertThat(place.type()).isSameAs(int.class);
    assertThat(codec.format()).isEqualTo("java");
  }

  private record Nested(Object inner) implements Serializable {}

  @Test
  void whatNoHonestValueHasIsNotRead() throws Exception {
    Codec<Object> codec = SerializationCodec.of(Object.class);
    Object[] deep = new Object[0];
    for (int i = 0; i < 1000; i++) {
      deep = new Object[] {deep};
    }
    byte[] tooDeep = codec.encode(deep);
    byte[] tooLong = codec.encode(new long[1]);
    ByteBuffer.wrap(tooLong).putInt(tooLong.length - Long.BYTES - Integer.BYTES, 1 << 20);

    for (byte[] refused : List.of(tooDeep, tooLong)) {
      assertThatThrownBy(() -> codec.decode(refused))
          .isInstanceOf(InvalidClassException.class)
          .hasMessageContaining("REJECTED");
    }
    assertThat(codec.decode(codec.encode(deep[0]))).isEqualTo(deep[0]);
  }

  @Test
  void whatTheStackHasNoRoomForIsAnErrorLikeAnyOther() throws Exception {
    Codec<Object> codec = SerializationCodec.of(Object.class);
    Object deep = "inner";
    for (int i = 0; i < 900; i++) {
      deep = new Nested(deep);
    }
    Object value = deep;
    byte[] written = withStack(64, () -> codec.encode(value));

    assertThatThrownBy(() -> withStack(0.25, () -> codec.encode(value)))
        .hasCauseInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("nested too deeply");
    assertThatThrownBy(() -> withStack(0.25, () -> codec.decode(written)))
        .hasCauseInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("nested too deeply");
    assertThat(withStack(64, () -> codec.decode(written))).isNotNull();
  }

  private static <T> T withStack(double megabytes, Callable<T> body) throws Exception {
    FutureTask<T> task = new FutureTask<>(body);
    new Thread(null, task, "stack", (long) (megabytes * (1 << 20))).start();
    return task.get();
  }

  interface Marked {}

  private static final class Handler implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return "";
    }
  }

  /** Has classes of this test of its own, as the loader of an application has. */
  private static final class Apart extends ClassLoader {
    Apart() {
      super(SerializationCodecTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(SerializationCodecTest.class.getName() + "$")) {
        return super.loadClass(name, resolve);
      }
      Class<?> there = findLoadedClass(name);
      if (there != null) {
        return there;
      }
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = Objects.requireNonNull(file, name).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void aProxyIsOfTheCodecsLoader() throws Exception {
    Apart apart = new Apart();
    Codec<Object> codec = SerializationCodec.of(Object.class, apart);
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Marked.class}, new Handler());

    Object read = codec.decode(codec.encode(proxy));

    assertThat(read).isInstanceOf(apart.loadClass(Marked.class.getName()));
    assertThat(read).isNotInstanceOf(Marked.class);
  }

  @Test
  void whatTheCodecsLoaderHasNotTheCallersMayHave() throws Exception {
    Codec<Object> codec = SerializationCodec.of(Object.class, ClassLoader.getPlatformClassLoader());
    Apart apart = new Apart();
    byte[] place = codec.encode(new Place("Ulm", int.class));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(apart);
    try {
      assertThat(codec.decode(place)).isInstanceOf(apart.loadClass(Place.class.getName()));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void whatAFilterRefusesIsNotRead() throws Exception {
    SerializationCodec<Object> codec =
        SerializationCodec.of(Object.class, getClass().getClassLoader());
    Codec<Object> filtered =
        codec.withFilter(ObjectInputFilter.Config.createFilter("java.base/*;!*"));
    byte[] place = codec.encode(new Place("Ulm", int.class));

    assertThatThrownBy(() -> filtered.decode(place))
        .isInstanceOf(InvalidClassException.class)
        .hasMessageContaining("REJECTED");
    assertThat(filtered.decode(codec.encode(List.of(1)))).isEqualTo(List.of(1));
  }

  @Test
  void whatIsNotSerializableOrOfAnotherTypeIsAnError() throws Exception {
    Codec<Object> objects = SerializationCodec.of(Object.class);
    Codec<String> texts = SerializationCodec.of(String.class);

    assertThatThrownBy(() -> objects.encode(new Object()))
        .isInstanceOf(NotSerializableException.class);
    for (Object other : List.of(List.of(), 1)) {
      byte[] written = objects.encode(other);
      assertThatThrownBy(() -> texts.decode(written)).isInstanceOf(ClassCastException.class);
    }
  }
}
