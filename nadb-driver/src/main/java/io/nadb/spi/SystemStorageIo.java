package io.nadb.spi;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The machine's own file system. */
enum SystemStorageIo implements StorageIo {
  INSTANCE;

  @Override
  public Output create(Path file, long length) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return open(file, 0, length);
  }

  @Override
  public Output open(Path file, long position, long length) throws IOException {
    return open(file, position, position, length);
  }

  @Override
  public Output rewrite(Path file, long position, long length) throws IOException {
    return open(file, position, length, length);
  }

  private static Output open(Path file, long position, long cut, long length) throws IOException {
    RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw");
    try {
      setLength(access, cut);
      setLength(access, length);
      access.seek(position);
      return new FileOutput(file, access);
    } catch (IOException e) {
      try (access) {
        throw failed("set the length of", file, e);
      }
    } catch (Throwable e) {
      try (access) {
        throw e;
      }
    }
  }

  /** The system's own exceptions say nothing of the file. */
  private static IOException failed(String operation, Path file, IOException e) {
    return new IOException("can't " + operation + " " + file + ": " + e.getMessage(), e);
  }

  /** A length that is set, even to what it is, would have to be synced. */
  private static void setLength(RandomAccessFile access, long length) throws IOException {
    if (access.length() != length) {
      access.setLength(length);
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    Files.createLink(link, existing);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Which POSIX systems do for who reads a file, too; on Windows, it does nothing for readers. */
  @Override
  public void sync(Path file) throws IOException {
    force(file, "sync");
  }

  /**
   * Opens the directory as a file, which is how POSIX systems sync one. Elsewhere there is no such
   * thing.
   */
  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (isPosix(directory)) {
      force(directory, "sync the directory");
    }
  }

  /** An interruption can close this channel and no other, and then the sync is done again. */
  private static void force(Path file, String operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        } catch (FileSystemException e) {
          throw e; // It names the file.
        } catch (IOException e) {
          throw failed(operation, file, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** A {@link RandomAccessFile}: the one kind of file that an interruption does not close. */
  private record FileOutput(Path file, RandomAccessFile access) implements Output {

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        access.write(bytes, offset, length);
      } catch (IOException e) {
        throw failed("write to", file, e);
      }
    }

    @Override
    public void sync() throws IOException {
      try {
        access.getFD().sync();
      } catch (IOException e) {
        throw failed("sync", file, e);
      }
    }

    @Override
    public void setLength(long length) throws IOException {
      try {
        access.setLength(length);
      } catch (IOException e) {
        if (isPosix(file) || access.length() < length) {
          throw failed("set the length of", file, e);
        } // Windows cuts no file that is mapped; what is left is zeros, which opening passes over.
      }
    }

    @Override
    public void close() throws IOException {
      try {
        access.close();
      } catch (IOException e) {
        throw failed("close", file, e);
      }
    }
  }
}
