package io.nadb.backup;

import io.nadb.KeyValueStore;
import io.nadb.internal.backup.BackupFolder;
import io.nadb.internal.backup.StoredBackup;
import io.nadb.spi.BackupSource;
import io.nadb.spi.PinnedFiles;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The backups in one directory.
 *
 * <p>A backup is made while the store is used, and equals exactly one flush boundary. Each is a
 * whole store, which {@code access=read} opens; files that the one before has too are shared with
 * it by hard link, where the file system has these, and any may be deleted without harm to the
 * others. A backup has its name when all of it is on disk; what an interrupted process has left is
 * taken away by the next one that makes or deletes a backup.
 *
 * <p>All methods may be called from any thread; one process at a time makes or deletes backups in a
 * directory. What fails throws {@link io.nadb.NadbException} and leaves the backups that are there
 * as they are.
 *
 * @since 0.1.0
 */
public final class Backups {
  private final BackupFolder folder;
  private final StorageIo io;

  private Backups(Path directory, StorageIo io, BackupProgress progress) {
    this.folder = new BackupFolder(directory, io, progress::progressed);
    this.io = io;
  }

  /**
   * Returns the backups in a directory, which is created with the first one.
   *
   * @param directory for nothing else, and not in the directory of a store
   */
  public static Backups at(Path directory) {
    return at(directory, StorageIo.system());
  }

  /** Returns the backups in a directory of a disk that tests can have fail. */
  public static Backups at(Path directory, StorageIo io) {
    return new Backups(
        Objects.requireNonNull(directory, "directory"),
        Objects.requireNonNull(io, "io"),
        (bytes, total) -> {});
  }

  /**
   * Returns the same backups, which tell how far their making, checking and restoring has come: a
   * backup of the bytes that it will have, a check of those of the files, which it then reads once
   * more to count the keys.
   */
  public Backups reporting(BackupProgress listener) {
    return new Backups(folder.directory(), io, Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Flushes a store and backs it up, all of its namespaces. Files that the last backup in this
   * directory has are linked from there, if it is of the same store.
   *
   * @param store an {@code nadb:fs:} store, open for writing or reading
   * @throws io.nadb.CorruptStoreException if a file of the store is damaged; the earlier backups
   *     stay
   * @throws UnsupportedOperationException if the store has no files ({@link
   *     io.nadb.StoreCapability#BACKUPS})
   */
  public Backup create(KeyValueStore store) {
    return create(store, true);
  }

  /** Does the same without sharing: a block of the disk that goes bad harms no other backup. */
  public Backup createFull(KeyValueStore store) {
    return create(store, false);
  }

  private Backup create(KeyValueStore store, boolean sharing) {
    Objects.requireNonNull(store, "store");
    try (PinnedFiles files = BackupSource.of(store).pinFiles()) {
      return new Backup(this, folder.create(files, sharing));
    } catch (IOException e) {
      throw BackupFolder.failed(
          "could not back up store " + store.name() + " to " + folder.directory(), e);
    }
  }

  /** Returns the finished backups, the earliest first; unmodifiable. */
  public List<Backup> list() {
    try {
      return folder.list().stream().map(each -> new Backup(this, each)).toList();
    } catch (IOException e) {
      throw BackupFolder.failed("could not list the backups in " + folder.directory(), e);
    }
  }

  /**
   * Deletes the backups that need not be kept.
   *
   * @return those that were deleted, the earliest first
   */
  public List<Backup> prune(Retention retention) {
    List<Backup> useless = retention.useless(list());
    delete(useless.stream().map(backup -> backup.stored()).toList());
    return useless;
  }

  void delete(List<StoredBackup> backups) {
    if (!backups.isEmpty()) {
      try {
        folder.delete(backups.stream().map(StoredBackup::directory).toList());
      } catch (IOException e) {
        throw BackupFolder.failed("could not delete backups in " + folder.directory(), e);
      }
    }
  }
}
