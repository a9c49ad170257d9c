package io.nadb.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What Java's serialization writes of classes, each made and read once.
 *
 * <p>A stream describes each of its classes: names and types of all fields. To write and to read
 * that takes as long as a small object itself. Here, a description is bytes that stand for
 * themselves: they are kept for a class, and what was read of equal bytes is kept too, with the
 * class that a loader has found for it. Thread-safe.
 */
final class ClassDescriptions {
  /** Who can write to the location must not fill the memory by descriptions. */
  private static final int MOST_KNOWN = 1000;

  private final ClassValue<byte[]> written =
      new ClassValue<>() {
        @Override
        protected byte[] computeValue(Class<?> type) {
          return describe(ObjectStreamClass.lookupAny(type));
        }
      };
  private final ConcurrentMap<Description, ObjectStreamClass> known = new ConcurrentHashMap<>();
  private final ConcurrentMap<Wanted, Class<?>> found = new ConcurrentHashMap<>();

  /** A class that is described, as a loader sees it: always the same one. */
  private record Wanted(ObjectStreamClass description, ClassLoader loader) {}

  /** Returns the description of a class. */
  byte[] of(Class<?> type) {
    return written.get(type);
  }

  /**
   * Returns what a description says, for {@link ObjectInputStream#readClassDescriptor}.
   *
   * @throws IOException if it is none
   */
  ObjectStreamClass read(byte[] bytes) throws IOException {
    Description description = new Description(bytes);
    ObjectStreamClass there = known.get(description);
    if (there != null) {
      return there;
    }
    ObjectStreamClass read = parse(bytes);
    if (known.size() < MOST_KNOWN) {
      known.put(description, read);
    }
    return read;
  }

  /** Returns the class that a loader has for a description, without initializing it. */
  Class<?> find(ObjectStreamClass description, ClassLoader loader) throws ClassNotFoundException {
    Wanted wanted = new Wanted(description, loader);
    Class<?> there = found.get(wanted);
    if (there != null) {
      return there;
    }
    Class<?> type = Class.forName(description.getName(), false, loader);
    if (found.size() < MOST_KNOWN) {
      found.put(wanted, type);
    }
    return type;
  }

  private static byte[] describe(ObjectStreamClass type) {
    try (Writer writer = new Writer(new ByteArrayOutputStream())) {
      writer.writeObject(type);
      return writer.first();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectStreamClass parse(byte[] bytes) throws IOException {
    try (Reader reader = new Reader(bytes)) {
      reader.readObject();
      ObjectStreamClass first = reader.first;
      if (first != null) {
        return first;
      }
    } catch (ClassNotFoundException e) {
      throw new StreamCorruptedException("the description of a class is none: " + e);
    }
    throw new StreamCorruptedException("the description of a class is none");
  }

  /** Writes a stream that has one description, without those of the classes above. */
  private static final class Writer extends ObjectOutputStream {
    private final ByteArrayOutputStream bytes;
    private byte @Nullable [] first;

    Writer(ByteArrayOutputStream bytes) throws IOException {
      super(bytes);
      this.bytes = bytes;
    }

    @Override
    protected void writeClassDescriptor(ObjectStreamClass type) throws IOException {
      super.writeClassDescriptor(type);
      if (first == null) {
        flush();
        bytes.write(TC_ENDBLOCKDATA);
        bytes.write(TC_NULL);
        first = bytes.toByteArray();
      }
    }

    byte[] first() {
      if (first == null) {
        throw new IllegalStateException("no class was described");
      }
      return first;
    }
  }

  /** Reads a description, and looks up no class. */
  private static final class Reader extends ObjectInputStream {
    private @Nullable ObjectStreamClass first;

    Reader(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
      if (first != null) {
        throw new StreamCorruptedException("a second description");
      }
      first = super.readClassDescriptor();
      return first;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
      throw new ClassNotFoundException(description.getName());
    }
  }

  /** Bytes, compared by what they are. */
  private static final class Description {
    private final byte[] bytes;
    private final int hash;

    Description(byte[] bytes) {
      this.bytes = bytes;
      this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Description that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
