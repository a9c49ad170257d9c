package io.nadb.internal.backup;

import io.nadb.internal.backup.Manifest.Item;
import io.nadb.internal.log.PinnedLog;
import io.nadb.internal.log.PinnedLog.PinnedSegment;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one backup: the segments of a cut, linked from the last backup where that has the same, and
 * else checked and copied; the list of them; and the manifest.
 *
 * <p>A segment that the backup has is never written to again, and so may be shared: whoever opens
 * it for writing is refused, and a restore copies.
 */
final class BackupMaker {
  private static final Logbook LOG = Logbook.of(BackupMaker.class);

  private final PinnedLog log;
  private final StorageIo io;
  private final @Nullable StoredBackup last;
  private final ByteMeter meter;
  private final FileCopy copying;

  /** Whether links have failed: then all is copied. */
  private boolean unlinkable;

  BackupMaker(PinnedLog log, StorageIo io, @Nullable StoredBackup last, ProgressTarget progress) {
    this.log = log;
    this.io = io;
    this.last = last;
    this.meter =
        new ByteMeter(progress, log.segments().stream().mapToLong(PinnedSegment::length).sum());
    this.copying = new FileCopy(io, meter);
  }

  /** Makes it in a new directory; all of it is on disk then, but for that directory's name. */
  void make(Path directory) throws IOException {
    Path database = directory.resolve(String.valueOf(log.directory().getFileName()));
    Path target = database.resolve("log");
    for (Path each : List.of(directory, database, target)) {
      io.createDirectory(each);
      io.syncDirectory(Objects.requireNonNull(each.getParent()));
    }
    List<Item> items = new ArrayList<>();
    List<Witness.Entry> listed = new ArrayList<>();
    for (PinnedSegment segment : log.segments()) {
      items.add(add(segment, target.resolve(segment.name())));
      listed.add(Witness.Entry.of(segment.header(), segment.length()));
    }
    WitnessFile.write(target, io, log.identity(), listed); // And syncs the names of all.
    items.add(StoredBackup.item(WitnessFile.of(target)));
    new Manifest(
            Manifest.lineage(log.identity()),
            log.sequence(),
            Instant.ofEpochMilli(log.time()),
            log.pinned(),
            log.keys(),
            items)
        .write(database, io);
  }

  private Item add(PinnedSegment segment, Path target) throws IOException {
    Optional<Item> shared = link(segment, target);
    if (shared.isPresent()) {
      meter.add(segment.length());
      return shared.get();
    }
    int crc;
    try (SegmentCheck check = SegmentCheck.begin(segment)) {
      crc = copying.copy(segment::get, segment.length(), target, first -> {});
      check.finish();
    }
    return new Item(
        segment.name(),
        segment.length(),
        crc,
        segment.header().generation(),
        segment.header().id(),
        true);
  }

  private Optional<Item> link(PinnedSegment segment, Path target) throws IOException {
    StoredBackup from = last;
    if (from == null || unlinkable) {
      return Optional.empty();
    }
    Optional<Item> same =
        from.manifest()
            .item(segment.name())
            .filter(item -> item.isOf(segment.header(), segment.length()));
    Path file = from.log().resolve(segment.name());
    if (same.isEmpty() || !Files.isRegularFile(file) || Files.size(file) != segment.length()) {
      return Optional.empty();
    }
    try {
      io.link(file, target);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(Level.INFO, "files of " + from.directory() + " can't be linked, and are copied", e);
      unlinkable = true;
      io.delete(target); // A failure may come after the deed.
      return Optional.empty();
    }
    Item item = same.get();
    return Optional.of(
        new Item(item.name(), item.length(), item.crc(), item.generation(), item.id(), false));
  }
}
