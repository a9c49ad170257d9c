package io.nadb.repair;

import io.nadb.spi.StorageIo;
import java.nio.file.Path;

/** A disk of which everything is read and nothing is written. */
final class UntouchedDisk implements StorageIo {

  private static UnsupportedOperationException refused(Path file) {
    return new UnsupportedOperationException(file + " is only looked at");
  }

  @Override
  public Output create(Path file, long length) {
    throw refused(file);
  }

  @Override
  public Output open(Path file, long position, long length) {
    throw refused(file);
  }

  @Override
  public Output rewrite(Path file, long position, long length) {
    throw refused(file);
  }

  /** What was seen here is told, and not built upon. */
  @Override
  public void sync(Path file) {}

  @Override
  public void createDirectory(Path directory) {
    throw refused(directory);
  }

  @Override
  public void rename(Path from, Path to) {
    throw refused(from);
  }

  @Override
  public void link(Path existing, Path link) {
    throw refused(link);
  }

  @Override
  public void delete(Path file) {
    throw refused(file);
  }

  @Override
  public void syncDirectory(Path directory) {}
}
