package io.nadb.internal.backup;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.lock.HolderNote;
import io.nadb.internal.lock.LockFile;
import io.nadb.internal.log.PinnedLog;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.PinnedFiles;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory of backups, each with a directory of its own:
 *
 * <pre>
 *   00001-2026-11-29T03-20-00Z           a backup: number, and when it was made
 *     main                               the database, as below a store's location
 *       backup.manifest                  {@link Manifest}
 *       log/NNNNNNNNNN.seg               the segments, maybe shared with other backups
 *       log/nadb.lineage                 the list of them
 *   00002-2026-11-30T03-20-00Z.partial   one that is being made, or was when a process ended
 *   00001-2026-11-28T03-20-00Z.deleting  one that is being deleted, likewise
 *   backups.lock                         who makes or deletes one has this locked
 *   backups.owner                        and says here meanwhile which process that is
 * </pre>
 *
 * <p>A backup gets its name when all that it has is on disk. The numbers tell the order, whatever
 * becomes of the clock.
 */
public final class BackupFolder {
  private static final Logbook LOG = Logbook.of(BackupFolder.class);
  private static final String PARTIAL = ".partial";
  private static final String DELETING = ".deleting";
  private static final Pattern NAME =
      Pattern.compile("(\\d{5,18})-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ(\\.\\w+)?");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path directory;
  private final StorageIo io;
  private final ProgressTarget progress;

  public BackupFolder(Path directory, StorageIo io, ProgressTarget progress) {
    this.directory = directory.toAbsolutePath().normalize();
    this.io = io;
    this.progress = progress;
  }

  public Path directory() {
    return directory;
  }

  /** A directory in here that has to do with a backup. */
  private record Found(long number, Path path, String suffix) {}

  /** Something that is done while nobody else makes or deletes a backup in here. */
  private interface Action<T> {
    T run() throws IOException;
  }

  /** The finished backups, the earliest first. */
  public List<StoredBackup> list() throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    return found().stream()
        .filter(found -> found.suffix.isEmpty())
        .map(found -> new StoredBackup(found.path, io, progress))
        .toList();
  }

  private List<Found> found() throws IOException {
    List<Found> all = new ArrayList<>();
    for (Path path : children(directory)) {
      Matcher matcher = NAME.matcher(String.valueOf(path.getFileName()));
      if (matcher.matches() && Files.isDirectory(path)) {
        String suffix = Objects.requireNonNullElse(matcher.group(2), "");
        all.add(new Found(Long.parseLong(matcher.group(1)), path, suffix));
      }
    }
    all.sort(Comparator.comparingLong(Found::number));
    return all;
  }

  static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    }
    children.sort(Comparator.naturalOrder());
    return children;
  }

  /**
   * Makes a backup.
   *
   * @param source what {@code pinFiles} of an fs store has given
   * @param sharing whether files that the last backup has are linked from there
   */
  public StoredBackup create(PinnedFiles source, boolean sharing) throws IOException {
    if (!(source instanceof PinnedLog log)) {
      throw new IllegalArgumentException(
          source + " is of " + source.getClass().getName() + ", which no backup can be made of");
    }
    checkIsOutside(log.directory());
    createFolder();
    return alone(
        () -> {
          List<Found> all = found();
          long number = all.isEmpty() ? 1 : all.get(all.size() - 1).number + 1;
          String name = "%05d-%s".formatted(number, TIME.format(log.pinned()));
          Path partial = directory.resolve(name + PARTIAL);
          Optional<StoredBackup> last = sharing ? lastOf(log) : Optional.empty();
          Path finished = directory.resolve(name);
          try {
            new BackupMaker(log, io, last.orElse(null), progress).make(partial);
            io.rename(partial, finished);
            io.syncDirectory(directory);
          } catch (Throwable e) {
            giveUp(partial, e);
            throw e;
          }
          return new StoredBackup(finished, io, progress);
        });
  }

  /** Creates the directory, with its parents, whose names are durable then. */
  private void createFolder() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = directory; path != null && Files.notExists(path); path = path.getParent()) {
      missing.push(path);
    }
    for (Path each : missing) {
      io.createDirectory(each);
      io.syncDirectory(Objects.requireNonNull(each.getParent()));
    }
  }

  private void checkIsOutside(Path store) {
    for (Path path = directory; path != null; path = path.getParent()) {
      try {
        if (Files.exists(path) && Files.isSameFile(path, store)) {
          throw new IllegalArgumentException(
              directory + " is in the store's own directory, " + store + "; backups go elsewhere");
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "not known to be the store's: " + path, e);
      }
    }
  }

  /** The newest backup that is sound, if it is of the same lineage. */
  private Optional<StoredBackup> lastOf(PinnedLog log) throws IOException {
    List<StoredBackup> all = list();
    for (int i = all.size() - 1; i >= 0; i--) {
      try {
        boolean same = all.get(i).manifest().lineage().equals(Manifest.lineage(log.identity()));
        return same ? Optional.of(all.get(i)) : Optional.empty();
      } catch (IOException | NadbException e) {
        LOG.log(Level.WARNING, "nothing is shared with " + all.get(i).directory(), e);
      }
    }
    return Optional.empty();
  }

  /** Takes away what a failure has left, if that can be. */
  private void giveUp(Path partial, Throwable failure) {
    try {
      deleteAll(partial, io);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e); // The next one who makes a backup does it.
    }
  }

  /** Deletes backups, each of them whole, or not at all. */
  public void delete(List<Path> backups) throws IOException {
    alone(
        () -> {
          for (Path backup : backups) {
            Path deleting = backup.resolveSibling(backup.getFileName() + DELETING);
            io.rename(backup, deleting);
            io.syncDirectory(directory);
            deleteAll(deleting, io);
          }
          return true;
        });
  }

  private <T> T alone(Action<T> action) throws IOException {
    Path note = directory.resolve("backups.owner");
    try (LockFile lock = LockFile.lock(directory.resolve("backups.lock"))) {
      if (lock == null) {
        throw taken(HolderNote.describeOther(note));
      }
      try {
        HolderNote.put(note);
        for (Found found : found()) {
          if (found.suffix.equals(PARTIAL) || found.suffix.equals(DELETING)) {
            deleteAll(found.path, io);
          }
        }
        return action.run();
      } finally {
        HolderNote.remove(note);
      }
    } catch (OverlappingFileLockException e) {
      throw taken("somebody else in this process");
    }
  }

  private IOException taken(String by) {
    return new IOException(
        by + " is making or deleting a backup in " + directory + "; wait until it is done");
  }

  /** Deletes a file, or a directory with all that is in it. */
  static void deleteAll(Path path, StorageIo io) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : children(path)) {
        deleteAll(child, io);
      }
    }
    io.delete(path);
  }

  /** Puts a failure into words. */
  public static NadbException failed(String what, IOException e) {
    return new NadbException(what + ": " + Reason.of(e), e);
  }
}
