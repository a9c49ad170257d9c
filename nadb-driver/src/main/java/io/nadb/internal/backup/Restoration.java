package io.nadb.internal.backup;

import io.nadb.internal.backup.Manifest.Item;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a store of a backup: copies its files, each compared with its checksum, into a directory
 * beside the target that gets the target's name when all is on disk.
 *
 * <p>The store has a lineage of its own, so that nobody takes what is written there for a
 * continuation of the one that was backed up.
 */
final class Restoration {
  /** All that an earlier attempt can have left. */
  private static final Pattern OURS =
      Pattern.compile("[^/]*(/log(/(\\d{10}\\.seg|nadb\\.lineage(\\.new)?))?)?");

  private final StoredBackup backup;
  private final Path target;
  private final @Nullable Instant moment;
  private final StorageIo io;

  /**
   * Creates it.
   *
   * @param moment whose last cut is to be the last one; null: all are restored
   */
  Restoration(StoredBackup backup, Path target, @Nullable Instant moment, StorageIo io) {
    this.backup = backup;
    this.target = target.toAbsolutePath().normalize();
    this.moment = moment;
    this.io = io;
  }

  void run() throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "it exists; a backup is restored to a new directory only");
    }
    Path parent = Objects.requireNonNull(target.getParent(), "the target's parent");
    if (!Files.isDirectory(parent)) {
      throw new NoSuchFileException(parent.toString(), null, "create it first");
    }
    Manifest manifest = Manifest.read(backup.database());
    backup.checkNames(manifest);
    WitnessFile.Content listed = backup.listed(manifest);
    EarlierEnd end = moment == null ? null : EarlierEnd.find(backup, manifest, moment, io);
    Path partial = parent.resolve(target.getFileName() + ".partial");
    removeLeftovers(partial);
    try {
      make(partial, manifest, listed, end);
      io.rename(partial, target);
      io.syncDirectory(parent);
    } catch (Throwable e) {
      try {
        BackupFolder.deleteAll(partial, io);
      } catch (IOException | RuntimeException suppressed) {
        e.addSuppressed(suppressed); // The next attempt does it.
      }
      throw e;
    }
  }

  private void make(
      Path partial, Manifest manifest, WitnessFile.Content listed, @Nullable EarlierEnd end)
      throws IOException {
    Path database = partial.resolve(String.valueOf(backup.database().getFileName()));
    Path log = database.resolve("log");
    for (Path each : List.of(partial, database, log)) {
      io.createDirectory(each);
      io.syncDirectory(Objects.requireNonNull(each.getParent()));
    }
    LogIdentity identity = listed.identity().withLineage(new SecureRandom());
    FileCopy copying = new FileCopy(io, backup.meter(manifest));
    for (Item item : manifest.items()) {
      Path from = backup.log().resolve(item.name());
      long kept = end == null ? item.length() : end.kept(item.name());
      if (item.id() == 0 || kept == 0) {
        continue; // It is no segment, or not needed.
      }
      try (RandomAccessFile in = new RandomAccessFile(from.toFile(), "r")) {
        int crc =
            copying.copy(
                (offset, to, count) -> in.readFully(to, 0, count), // One after the other.
                item.length(),
                kept,
                log.resolve(item.name()),
                first -> SegmentHeader.renewLineage(first, identity));
        if (crc != item.crc()) {
          throw backup.changed(item);
        }
      }
    }
    List<Witness.Entry> entries = end == null ? listed.entries() : end.entries();
    WitnessFile.write(log, io, identity, entries); // And syncs the names of all.
  }

  private void removeLeftovers(Path partial) throws IOException {
    if (Files.notExists(partial, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(partial)) {
      for (Path path : all.toList()) {
        String name = partial.relativize(path).toString().replace('\\', '/');
        boolean fits = Files.isDirectory(path) || name.contains("/log/");
        if (!fits || !OURS.matcher(name).matches()) {
          throw new FileAlreadyExistsException(
              path.toString(),
              null,
              "it is in the way, and not from a restore that was interrupted; take it away");
        }
      }
    }
    BackupFolder.deleteAll(partial, io);
  }
}
