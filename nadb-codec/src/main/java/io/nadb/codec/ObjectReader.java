package io.nadb.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.lang.reflect.Proxy;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object that an {@link ObjectWriter} has written, or Java's plain serialization. Finds
 * classes where the manager does, and else where the calling thread does.
 */
final class ObjectReader extends ObjectInputStream {
  private final ClassLoader loader;

  /** Null for Java's plain serialization. */
  private final @Nullable ClassDescriptions descriptions;

  private final List<String> texts;
  private final int streamBytes;

  private ObjectReader(
      InputStream in,
      ClassLoader loader,
      @Nullable ClassDescriptions descriptions,
      List<String> texts,
      int streamBytes)
      throws IOException {
    super(in);
    this.loader = loader;
    this.descriptions = descriptions;
    this.texts = texts;
    this.streamBytes = streamBytes;
    enableResolveObject(descriptions != null);
  }

  /**
   * Opens the bytes of an object.
   *
   * @throws IOException if they are damaged
   */
  static ObjectReader open(byte[] bytes, ClassLoader loader, ClassDescriptions descriptions)
      throws IOException {
    if (bytes.length == 0 || bytes[0] != ObjectWriter.TYPE) {
      return new ObjectReader(new ByteArrayInputStream(bytes), loader, null, List.of(), 0);
    }
    try {
      ByteBuffer all = ByteBuffer.wrap(bytes);
      int streamBytes = all.getInt(1);
      all.position(Math.addExact(ObjectWriter.HEADER_BYTES, streamBytes));
      List<String> texts = new ArrayList<>();
      while (all.hasRemaining()) {
        texts.add(text(bytes, all));
      }
      InputStream stream = new ByteArrayInputStream(bytes, ObjectWriter.HEADER_BYTES, streamBytes);
      return new ObjectReader(stream, loader, descriptions, texts, streamBytes);
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException e) {
      throw new StreamCorruptedException("an object's length is not that of its bytes: " + e);
    }
  }

  private static String text(byte[] bytes, ByteBuffer all) {
    int length = all.getInt();
    boolean wide = (length & 1) != 0;
    int start = all.position();
    ByteBuffer characters = all.slice(start, wide ? length - 1 : length / 2);
    all.position(start + characters.remaining());
    return wide
        ? characters.asCharBuffer().toString()
        : new String(bytes, start, characters.remaining(), ISO_8859_1);
  }

  @Override
  protected Object resolveObject(Object part) throws IOException {
    if (!(part instanceof String number)
        || number.isEmpty()
        || number.charAt(0) != ObjectWriter.ESCAPE) {
      return part;
    }
    try {
      return texts.get(Integer.parseInt(number, 1, number.length(), 10));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new StreamCorruptedException("no text has the number " + number.substring(1));
    }
  }

  @Override
  protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
    if (descriptions == null) {
      return super.readClassDescriptor();
    }
    int length = readInt();
    if (length < 0 || length > streamBytes) {
      throw new StreamCorruptedException(
          "a class is described by %d bytes of %d".formatted(length, streamBytes));
    }
    byte[] description = new byte[length];
    readFully(description);
    return descriptions.read(description);
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description)
      throws IOException, ClassNotFoundException {
    try {
      return descriptions == null
          ? Class.forName(description.getName(), false, loader)
          : descriptions.find(description, loader);
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
