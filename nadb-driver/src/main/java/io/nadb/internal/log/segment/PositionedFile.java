package io.nadb.internal.log.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.log.format.Content;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.report.Logbook;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read by position: what is asked for and no more, where a map would have the
 * operating system read what lies around it.
 *
 * <p>Interrupting a thread that reads closes the channel, for all threads. So whoever finds it
 * closed opens it anew; and the file is mapped before it loses its name, as a channel could not be
 * opened again then.
 */
final class PositionedFile implements Content {
  private static final Logbook LOG = Logbook.of(PositionedFile.class);

  /** So much is read at once: the JDK keeps as much memory for each thread that reads. */
  private static final int MAX_BYTES = 256 << 10;

  private volatile Path file;
  private volatile @Nullable FileChannel channel;

  /** Takes the channel's place, if that is closed after the file has lost its name. */
  @GuardedBy("this")
  private @Nullable MappedFile map;

  @GuardedBy("this")
  private boolean closed;

  PositionedFile(Path file) {
    this.file = file;
  }

  @Override
  public void get(long offset, byte[] to, int at, int length) {
    boolean interrupted = Thread.interrupted(); // Else it would close the channel.
    try {
      while (true) {
        FileChannel open = channel;
        try {
          if (open == null) {
            open = reopen(null);
          }
          if (open == null) {
            getMapped(offset, to, at, length);
          } else {
            read(open, offset, to, at, length);
          }
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
          reopen(open);
        } catch (ClosedChannelException e) { // by another thread's interruption
          reopen(open);
        }
      }
    } catch (IOException e) {
      throw unreadable(offset, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void read(FileChannel open, long offset, byte[] to, int at, int length)
      throws IOException {
    for (int done = 0; done < length; ) {
      ByteBuffer part = ByteBuffer.wrap(to, at + done, Math.min(length - done, MAX_BYTES));
      int count = open.read(part, offset + done);
      if (count < 0) {
        throw new EOFException("it ends at offset " + open.size());
      }
      done += count;
    }
  }

  private synchronized void getMapped(long offset, byte[] to, int at, int length)
      throws IOException {
    MappedFile mapped = map;
    if (mapped == null) {
      throw new ClosedChannelException();
    }
    mapped.get(offset, to, at, length);
    mapped.checkReads();
  }

  /**
   * Opens the channel anew, unless somebody else has done that; null if the map is to be read
   * instead.
   */
  private synchronized @Nullable FileChannel reopen(@Nullable FileChannel broken)
      throws IOException {
    FileChannel current = channel;
    if (closed) {
      throw new IOException("it has been closed");
    }
    if (current != broken && current != null) {
      return current;
    }
    channel = null;
    if (map != null) {
      return null;
    }
    FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
    channel = opened;
    return opened;
  }

  private NadbException unreadable(long offset, IOException e) {
    return new NadbException(
        "can't read " + file + " at offset " + offset + ": " + Reason.of(e), e);
  }

  @Override
  public byte byteAt(long offset) {
    byte[] one = new byte[1];
    get(offset, one, 0, one.length);
    return one[0];
  }

  @Override
  public int intAt(long offset) {
    byte[] four = new byte[Integer.BYTES];
    get(offset, four, 0, four.length);
    return (int) SegmentFormat.INT.get(four, 0);
  }

  @Override
  public void checkReads() {} // They fail at once.

  @Override
  public synchronized void renamed(Path to) {
    file = to;
  }

  @Override
  public synchronized void detach() throws IOException {
    if (map == null) {
      MappedFile mapped = MappedFile.map(file, Files.size(file));
      try {
        reopen(null); // If nobody has read it yet: later, another file may have the name.
      } catch (Throwable e) {
        mapped.close();
        throw e;
      }
      map = mapped;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    FileChannel open = channel;
    channel = null;
    MappedFile mapped = map;
    map = null;
    if (mapped != null) {
      mapped.close();
    }
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "closing " + file + " failed; it was only read", e);
      }
    }
  }
}
