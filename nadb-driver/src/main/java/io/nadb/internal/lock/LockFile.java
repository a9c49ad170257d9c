package io.nadb.internal.lock;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An operating system's lock on a file, by that file's identity: one that was locked and then
 * deleted or replaced is not the file that others find under its name.
 *
 * <p>The lock is the process's own (POSIX): it goes with the first channel on the file that the
 * process closes, even one that has only copied the file.
 */
public final class LockFile implements AutoCloseable {

  /**
   * By {@link FileId}, a channel on a lock file that another class loader of this JVM has locked:
   * closing it, or losing it to the garbage collector, would drop that lock.
   */
  private static final Map<String, FileChannel> NOT_TO_BE_CLOSED = new ConcurrentHashMap<>();

  /** By {@link FileId}, what is locked here, so that a file is not even opened in vain. */
  private static final Set<String> LOCKED = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final String id;

  private LockFile(FileChannel channel, String id) {
    this.channel = channel;
    this.id = id;
  }

  /** The {@link FileId} of the locked file. */
  String id() {
    return id;
  }

  /**
   * Locks a file, which is created if it is not there; null if another process has it locked.
   *
   * @throws OverlappingFileLockException if this JVM has it locked already
   */
  public static @Nullable LockFile lock(Path file) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          String id = create(file);
          if (LOCKED.contains(id)) {
            throw new OverlappingFileLockException();
          }
          FileChannel channel = open(file, id);
          if (!tryLock(channel, file, id)) {
            channel.close();
            return null;
          }
          if (id.equals(idOf(file))) {
            LOCKED.add(id);
            return new LockFile(channel, id);
          }
          channel.close(); // Somebody has replaced the file meanwhile.
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
          interrupted = true;
        } catch (NoSuchFileException e) {
          if (Files.notExists(file.toAbsolutePath().getParent())) {
            throw e;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String create(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // As mostly; it stays when a store is closed.
    }
    return FileId.of(file);
  }

  private static FileChannel open(Path file, String id) throws IOException {
    FileChannel known = NOT_TO_BE_CLOSED.remove(id);
    return known != null ? known : FileChannel.open(file, StandardOpenOption.WRITE);
  }

  private static boolean tryLock(FileChannel channel, Path file, String id) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      NOT_TO_BE_CLOSED.put(id, channel);
      throw e;
    } catch (ClosedByInterruptException | FileLockInterruptionException e) {
      throw e;
    } catch (IOException e) {
      try (channel) {
        throw new IOException(
            file
                + " can't be locked ("
                + e.getMessage()
                + "): the file system has no locks, or no more of them; without one, nothing keeps"
                + " a second process out; use a local disk",
            e);
      }
    }
  }

  /** Whether a path leads to the locked file. */
  boolean isAt(Path file) {
    try {
      return id.equals(FileId.of(file));
    } catch (IOException e) {
      return false;
    }
  }

  private static String idOf(Path file) throws IOException {
    return Files.exists(file) ? FileId.of(file) : "";
  }

  @Override
  public void close() throws IOException {
    LOCKED.remove(id);
    channel.close();
  }
}
