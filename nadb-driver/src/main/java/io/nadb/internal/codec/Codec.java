package io.nadb.internal.codec;

import com.github.luben.zstd.Zstd;
import io.nadb.NadbException;
import io.nadb.internal.library.NativeLibrary;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** How values are compressed: a choice in the URL, and by its id a part of the format. */
public enum Codec {
  /** Not at all. */
  NONE(0) {
    @Override
    byte[] compress(byte[] value) {
      return value;
    }

    @Override
    public byte[] decompress(byte[] stored, int size) {
      return stored;
    }
  },

  /** With Deflate, from the JDK. */
  ZLIB(1) {
    @Override
    byte[] compress(byte[] value) {
      Deflater deflater = new Deflater();
      try {
        deflater.setInput(value);
        deflater.finish();
        byte[] out = new byte[value.length];
        int length = deflater.deflate(out);
        return deflater.finished() ? Arrays.copyOf(out, length) : value;
      } finally {
        deflater.end();
      }
    }

    @Override
    public byte[] decompress(byte[] stored, int size) throws IOException {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(stored);
        byte[] value = new byte[size];
        int length = inflater.inflate(value);
        if (length != size) {
          throw new IOException("it has " + length + " bytes instead of " + size);
        }
        return value;
      } catch (DataFormatException e) {
        throw new IOException("its bytes are no such compression: " + e.getMessage(), e);
      } finally {
        inflater.end();
      }
    }
  },

  /** With Zstandard, from the optional library zstd-jni. */
  ZSTD(2) {
    @Override
    byte[] compress(byte[] value) {
      return Zstd.compress(value);
    }

    @Override
    public byte[] decompress(byte[] stored, int size) throws IOException {
      byte[] value = new byte[size];
      long length;
      try {
        length = Zstd.decompress(value, stored);
      } catch (LinkageError e) {
        throw new IOException("it is compressed with zstd: " + zstdProblem(e), e);
      }
      if (length != size) {
        throw new IOException("it has " + length + " bytes instead of " + size);
      }
      return value;
    }

    @Override
    public void checkAvailable() {
      try {
        Zstd.defaultCompressionLevel();
      } catch (LinkageError e) {
        throw new NadbException(
            "compression=zstd can't be used: " + zstdProblem(e) + ", or use compression=zlib", e);
      }
    }
  };

  private static final Codec[] BY_ID = values();

  private static final NativeLibrary ZSTD_JNI =
      new NativeLibrary("com.github.luben:zstd-jni", "ZstdTempFolder", "ZstdNativePath");

  /** Values shorter than this are not worth the attempt. */
  private static final int MIN_BYTES = 64;

  private final int id;

  Codec(int id) {
    this.id = id;
  }

  /** Gives the codec of a record. */
  public static Codec of(int id) throws IOException {
    if (id < 0 || id >= BY_ID.length) {
      throw new IOException("its codec " + id + " is not known");
    }
    return BY_ID[id];
  }

  public int id() {
    return id;
  }

  /** Compresses a value; returns the array itself if that saves nothing. */
  public final byte[] shrink(byte[] value) {
    if (this == NONE || value.length < MIN_BYTES) {
      return value;
    }
    byte[] smaller = compress(value);
    return smaller.length < value.length - Integer.BYTES ? smaller : value;
  }

  abstract byte[] compress(byte[] value);

  /**
   * Restores a value.
   *
   * @param size its length
   * @throws IOException if what is stored can't be what a value of that length has become
   */
  public abstract byte[] decompress(byte[] stored, int size) throws IOException;

  /**
   * Checks that the codec can be used.
   *
   * @throws NadbException if a library is missing
   */
  public void checkAvailable() {}

  /** The same failure shows as another error once it has been seen: what counts is the class. */
  private static String zstdProblem(LinkageError failure) {
    try {
      Class.forName("com.github.luben.zstd.Zstd", false, Codec.class.getClassLoader());
      return ZSTD_JNI.unloadable(failure);
    } catch (ClassNotFoundException | LinkageError e) {
      return ZSTD_JNI.missing();
    }
  }
}
