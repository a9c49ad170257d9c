package io.nadb.internal.lock;

import io.nadb.spi.LocationLostException;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The disk as the owner of a directory sees it: before a file comes, goes or changes its name, and
 * after every sync, it checks that the directory is still its own, and that what was synced can be
 * found under its name.
 */
public final class OwnedIo implements StorageIo {
  private final StorageIo real;
  private final DirectoryLock lock;

  /** Of the files that are open, the one that was synced last. */
  private volatile @Nullable OwnedOutput synced;

  /** The file that was found not to be in its place; what was in it can't come back. */
  private volatile @Nullable OwnedOutput lost;

  /** Guards what another one changes. */
  public OwnedIo(StorageIo real, DirectoryLock lock) {
    this.real = real;
    this.lock = lock;
  }

  /**
   * Checks that the directory, and the file that was synced last, are still there.
   *
   * @throws LocationLostException if they are not
   */
  public void check() throws IOException {
    checkOwned();
    OwnedOutput last = synced;
    if (last != null && !last.isInPlace() && last == synced) {
      giveUp(last);
    }
  }

  private void checkOwned() throws IOException {
    lock.check();
    OwnedOutput gone = lost;
    if (gone != null) {
      throw gone.failure();
    }
  }

  /** Fails for good, unless it is all of the directory that is not there. */
  private void giveUp(OwnedOutput gone) throws IOException {
    lock.check();
    lost = gone;
    throw gone.failure();
  }

  @Override
  public Output create(Path file, long length) throws IOException {
    checkOwned();
    return new OwnedOutput(file, real.create(file, length));
  }

  @Override
  public Output open(Path file, long position, long length) throws IOException {
    checkOwned();
    return new OwnedOutput(file, real.open(file, position, length));
  }

  @Override
  public Output rewrite(Path file, long position, long length) throws IOException {
    checkOwned();
    return new OwnedOutput(file, real.rewrite(file, position, length));
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    checkOwned();
    real.createDirectory(directory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    checkOwned();
    OwnedOutput last = synced;
    if (last != null && last.file.equals(from)) {
      synced = null; // Nobody may look for it while it has two names, or none.
      real.rename(from, to);
      last.file = to;
    } else {
      real.rename(from, to);
    }
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    checkOwned();
    real.link(existing, link);
  }

  @Override
  public void delete(Path file) throws IOException {
    checkOwned();
    real.delete(file);
  }

  @Override
  public void sync(Path file) throws IOException {
    real.sync(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    real.syncDirectory(directory);
  }

  /** A file with the key that it had when it was opened. */
  private final class OwnedOutput implements Output {
    private volatile Path file;
    private final Output output;
    private final @Nullable Object key;

    OwnedOutput(Path file, Output output) {
      this.file = file;
      this.output = output;
      this.key = keyOf(file);
    }

    boolean isInPlace() {
      BasicFileAttributes there = attributes(file);
      return there != null && Objects.equals(there.fileKey(), key);
    }

    LocationLostException failure() {
      return new LocationLostException(
          file
              + (Files.exists(file)
                  ? " is another file than the one that the store has written"
                  : " is gone, which the store has written")
              + "; nothing more is written. Copy what you need out of the open store before you"
              + " close it: what is in that file can't be opened again");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      output.write(bytes, offset, length);
    }

    @Override
    public void sync() throws IOException {
      output.sync();
      checkOwned();
      if (!isInPlace()) {
        giveUp(this);
      }
      synced = this;
    }

    @Override
    public void setLength(long length) throws IOException {
      checkOwned(); // It may be what somebody else goes on with.
      output.setLength(length);
    }

    @Override
    public void close() throws IOException {
      if (synced == this) {
        synced = null;
      }
      output.close();
    }
  }

  private static @Nullable Object keyOf(Path file) {
    BasicFileAttributes attributes = attributes(file);
    return attributes == null ? null : attributes.fileKey();
  }

  private static @Nullable BasicFileAttributes attributes(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      return null;
    }
  }
}
