package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.Content;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A file mapped into memory for reading: eight times as fast as a positioned read, and with no
 * channel left open that a thread's interruption could close for everyone.
 *
 * <p>Java 17 maps for good, until garbage collection; so that the space of a deleted file comes
 * back at once, this unmaps through the arena of Java 22 or, before it, through {@code
 * sun.misc.Unsafe}. Where neither is there, the garbage collector has the last word.
 */
public final class MappedFile implements Content {
  private static final Mapper MAPPER = Mapper.find();

  /** The content, in little-endian order; read with absolute positions only. */
  private final ByteBuffer buffer;

  private final Unmapper unmapper;
  private final AtomicBoolean unmapped = new AtomicBoolean();

  private MappedFile(ByteBuffer buffer, Unmapper unmapper) {
    this.buffer = buffer;
    this.unmapper = unmapper;
  }

  /** Maps the first {@code length} bytes of a file, which must have that many. */
  public static MappedFile map(Path file, long length) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
          return MAPPER.map(channel, length);
        } catch (ClosedByInterruptException e) {
          interrupted = true; // This channel is ours alone: map again with the flag down.
        } catch (FileSystemException e) {
          throw e; // It names the file.
        } catch (IOException | OutOfMemoryError e) {
          throw new IOException("can't map " + file + " into memory: " + e.getMessage(), e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void get(long offset, byte[] to, int at, int length) {
    buffer.get((int) offset, to, at, length);
  }

  @Override
  public byte byteAt(long offset) {
    return buffer.get((int) offset);
  }

  @Override
  public int intAt(long offset) {
    return buffer.getInt((int) offset);
  }

  /**
   * Enters the JVM's runtime, on the way back from which it throws what it has to tell. Before Java
   * 21 few things that compiled code does lead there: locks, native methods, exceptions and small
   * arrays don't; an array of arrays of a length that the compiler does not know does.
   */
  @Override
  public void checkReads() {
    int none = buffer.position(); // It is never moved.
    byte[][] arrays = new byte[none][none];
    if (arrays.length > 0) {
      throw new IllegalStateException("the map's position has been moved");
    }
  }

  @Override
  public void renamed(Path to) {} // A map has no name.

  @Override
  public void detach() {}

  @Override
  public void close() {
    if (unmapped.compareAndSet(false, true)) {
      unmapper.unmap();
    }
  }

  /** Ends a mapping. */
  private interface Unmapper {
    void unmap();
  }

  /** A way to map, chosen by what the JVM offers. */
  private interface Mapper {
    MappedFile map(FileChannel channel, long length) throws IOException;

    static Mapper find() {
      Mapper mapper = ArenaMapper.find();
      return mapper == null ? new PlainMapper(unsafeCleaner()) : mapper;
    }
  }

  private static MappedFile mapped(ByteBuffer buffer, Unmapper unmapper) {
    return new MappedFile(buffer.order(ByteOrder.LITTLE_ENDIAN), unmapper);
  }

  /** Java 22 and later: {@code FileChannel.map(mode, offset, size, Arena)}. */
  private record ArenaMapper(MethodHandle ofShared, MethodHandle map, MethodHandle asByteBuffer)
      implements Mapper {

    static @Nullable Mapper find() {
      try {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> arena = Class.forName("java.lang.foreign.Arena");
        Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
        return new ArenaMapper(
            lookup.findStatic(arena, "ofShared", MethodType.methodType(arena)),
            lookup.findVirtual(
                FileChannel.class,
                "map",
                MethodType.methodType(segment, MapMode.class, long.class, long.class, arena)),
            lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class)));
      } catch (ReflectiveOperationException e) {
        return null;
      }
    }

    @Override
    public MappedFile map(FileChannel channel, long length) throws IOException {
      AutoCloseable arena = (AutoCloseable) invoke(ofShared);
      try {
        Object segment = invoke(map, channel, MapMode.READ_ONLY, 0L, length, arena);
        return mapped((ByteBuffer) invoke(asByteBuffer, segment), () -> close(arena));
      } catch (Throwable e) {
        close(arena);
        throw e;
      }
    }

    private static void close(AutoCloseable arena) {
      try {
        arena.close();
      } catch (Exception e) {
        throw new IllegalStateException("a mapping is in use that nobody should know", e);
      }
    }

    private static Object invoke(MethodHandle handle, Object... arguments) throws IOException {
      try {
        return handle.invokeWithArguments(arguments);
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IOException("mapping failed: " + e, e);
      }
    }
  }

  /** Before Java 22. */
  private record PlainMapper(@Nullable MethodHandle cleaner) implements Mapper {

    @Override
    public MappedFile map(FileChannel channel, long length) throws IOException {
      ByteBuffer buffer = channel.map(MapMode.READ_ONLY, 0, length);
      return mapped(buffer, () -> clean(buffer));
    }

    private void clean(ByteBuffer buffer) {
      if (cleaner != null) {
        try {
          cleaner.invoke(buffer);
        } catch (Throwable e) {
          throw new IllegalStateException("unmapping failed", e);
        }
      }
    }
  }

  private static @Nullable MethodHandle unsafeCleaner() {
    try {
      Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
      var field = unsafeClass.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.publicLookup()
          .findVirtual(
              unsafeClass, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
