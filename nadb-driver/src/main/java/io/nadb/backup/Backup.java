package io.nadb.backup;

import io.nadb.internal.backup.BackupFolder;
import io.nadb.internal.backup.StoredBackup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A finished backup: a store as it was at one flush boundary.
 *
 * <p>All methods but {@code directory} throw {@link io.nadb.CorruptStoreException}, which names the
 * file, if the backup is damaged, as far as they look: {@code verify} and {@code restore} look at
 * every byte.
 *
 * @since 0.1.0
 */
public final class Backup {
  private final Backups backups;
  private final StoredBackup stored;

  Backup(Backups backups, StoredBackup stored) {
    this.backups = backups;
    this.stored = stored;
  }

  StoredBackup stored() {
    return stored;
  }

  /** Something that may fail. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  private <T> T ask(String what, Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw BackupFolder.failed("could not " + what + " backup " + stored.directory(), e);
    }
  }

  /**
   * The directory that it is in: what a URL with {@code access=read} names, as in {@code
   * nadb:fs:/backups/00001-2026-11-29T03-20-00Z?access=read}.
   */
  public Path directory() {
    return stored.directory();
  }

  /** The number of the last write that is in it. */
  public long sequence() {
    return ask("read", stored::sequence);
  }

  /** When it was made. */
  public Instant time() {
    return ask("read", stored::made);
  }

  /** How many bytes its files have, those included that it shares. */
  public long size() {
    return ask("read", stored::bytes);
  }

  /** How many bytes were copied for it; the rest it shared with the backup before it. */
  public long newBytes() {
    return ask("read", stored::newBytes);
  }

  /**
   * Compares every file with its checksum, then reads every record and counts the keys.
   *
   * @throws io.nadb.CorruptStoreException if a file is missing, damaged, cut, swapped or one too
   *     many
   */
  public void verify() {
    ask(
        "verify",
        () -> {
          stored.verify();
          return true;
        });
  }

  /**
   * Makes a store of it, to be opened as {@code nadb:fs:<target>}; all of it is on disk then. Each
   * file is compared with its checksum. The store has a history of its own from here: a backup of
   * it shares nothing with earlier ones.
   *
   * @param target a directory that does not exist, in one that does; if this fails, it still does
   *     not
   * @throws io.nadb.CorruptStoreException if the backup is damaged
   */
  public void restore(Path target) {
    Objects.requireNonNull(target, "target");
    ask(
        "restore",
        () -> {
          stored.restore(target, null);
          return true;
        });
  }

  /**
   * Makes a store of it as {@link #restore(Path)} does, but as it was after the last flush that had
   * been made by a moment. How far back that can be depends on what the store had kept when the
   * backup was made: see the URL option {@code history}.
   *
   * @param moment not later than {@link #time()}
   * @throws io.nadb.HistoryLostException if the backup does not have what was there then; it names
   *     the earliest moment that can be restored, and nothing is made
   * @throws IllegalArgumentException if the backup is older than that
   * @throws io.nadb.CorruptStoreException if the backup is damaged
   */
  public void restore(Path target, Instant moment) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(moment, "moment");
    ask(
        "restore",
        () -> {
          stored.restore(target, moment);
          return true;
        });
  }

  /** Deletes it; the others are whole without it. */
  public void delete() {
    backups.delete(List.of(stored));
  }

  @Override
  public String toString() {
    return "Backup[" + stored.directory() + "]";
  }
}
