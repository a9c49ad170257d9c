package io.nadb.internal.log;

import io.nadb.StoreLockedException;
import io.nadb.internal.report.Logbook;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one process on a directory: an operating system's lock on {@code nadb.lock}, and a
 * note of who holds it in {@code nadb.owner}.
 *
 * <p>Two files, because closing any channel on a locked file drops the lock of the whole process
 * (POSIX): the note is what others read, and this JVM does not open a lock file that it holds. Two
 * registries of one JVM, even in different class loaders, are kept apart by a monitor on an
 * interned string, which all class loaders share.
 *
 * <p>The note keeps nobody out: where it can't be written, as on a full disk, or is gone, the lock
 * alone decides, and a channel that was opened in vain stays open.
 */
final class DirectoryLock implements AutoCloseable {
  private static final Logbook LOG = Logbook.of(DirectoryLock.class);
  private static final String OWNER_FILE = "nadb.owner";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  /**
   * By directory, a channel on a lock file that somebody else in this JVM has locked: closing it,
   * or losing it to the garbage collector, would drop that lock.
   */
  private static final Map<Path, FileChannel> NOT_TO_BE_CLOSED = new ConcurrentHashMap<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /** Who holds a directory. */
  private record Owner(String pid, String host, String started, String since, String directory) {

    static Owner self(Path directory, Instant now) {
      return new Owner(
          Long.toString(ProcessHandle.current().pid()),
          hostName(),
          ProcessHandle.current().info().startInstant().map(Instant::toString).orElse("unknown"),
          now.toString(),
          directory.toString());
    }

    String text() {
      return String.join("\n", pid, host, started, since, directory) + "\n";
    }

    /** Reads a note; null if there is none that can be read. */
    static @Nullable Owner read(Path file) {
      try {
        String[] lines =
            new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", 5);
        return lines.length < 5
            ? null
            : new Owner(lines[0], lines[1], lines[2], lines[3], lines[4].stripTrailing());
      } catch (IOException e) {
        return null;
      }
    }

    /** Whether it is this process that holds this very directory, and no copy of it. */
    boolean isSame(Owner other) {
      return pid.equals(other.pid)
          && host.equals(other.host)
          && started.equals(other.started)
          && directory.equals(other.directory);
    }
  }

  /**
   * Claims a directory.
   *
   * @throws StoreLockedException if it is taken
   */
  static DirectoryLock acquire(Path directory, Instant now) throws IOException {
    synchronized (monitor(directory)) {
      Path ownerFile = directory.resolve(OWNER_FILE);
      Owner self = Owner.self(directory, now);
      Owner owner = Owner.read(ownerFile);
      if (owner != null && owner.isSame(self)) {
        throw locked(directory, owner, "by another registry of this process");
      }
      FileChannel channel = lock(directory);
      if (channel == null) {
        throw locked(directory, Owner.read(ownerFile), "by another process");
      }
      try {
        Files.writeString(ownerFile, self.text());
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "nobody will be told who has " + directory, e);
      }
      return new DirectoryLock(directory, channel);
    }
  }

  private static Object monitor(Path directory) {
    return ("io.nadb.lock:" + directory).intern();
  }

  /** Locks a directory's lock file; null if another process has it locked. */
  private static @Nullable FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve("nadb.lock");
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        FileChannel channel = NOT_TO_BE_CLOSED.remove(directory);
        if (channel == null) {
          channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        try {
          FileLock lock = channel.tryLock();
          if (lock != null) {
            return channel;
          }
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
          interrupted = true;
          continue;
        } catch (OverlappingFileLockException e) {
          NOT_TO_BE_CLOSED.put(directory, channel);
          throw locked(directory, null, "by another registry of this process");
        }
        channel.close();
        return null;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static StoreLockedException locked(Path directory, @Nullable Owner owner, String holder) {
    return new StoreLockedException(
        directory
            + " is already open "
            + holder
            + (owner == null
                ? ""
                : " (pid " + owner.pid + " on host " + owner.host + ", since " + owner.since + ")")
            + "; one process at a time can use it");
  }

  /** Linux has the name in a file; asking the resolver can take seconds. */
  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return resolvedHostName();
    }
  }

  private static String resolvedHostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (monitor(directory)) {
      try (channel) {
        Files.deleteIfExists(directory.resolve(OWNER_FILE));
      }
    }
  }
}
