package io.nadb.internal.backup;

import io.nadb.CorruptStoreException;
import io.nadb.internal.backup.Manifest.Item;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.recovery.LiveRecovery;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.Witness;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.spi.StorageIo;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A finished backup, as its files are. */
public final class StoredBackup {
  private static final int PART_BYTES = 1 << 18;

  private final Path directory;
  private final StorageIo io;
  private final ProgressTarget progress;
  private @Nullable Manifest manifest;

  StoredBackup(Path directory, StorageIo io, ProgressTarget progress) {
    this.directory = directory;
    this.io = io;
    this.progress = progress;
  }

  public Path directory() {
    return directory;
  }

  /** The database's directory: the only one that has a manifest. */
  Path database() throws IOException {
    List<Path> children =
        BackupFolder.children(directory).stream().filter(Files::isDirectory).toList();
    if (children.size() != 1) {
      throw new CorruptStoreException(
          directory, "a backup has one database, and this has " + children.size());
    }
    return children.get(0);
  }

  Path log() throws IOException {
    return database().resolve("log");
  }

  synchronized Manifest manifest() throws IOException {
    if (manifest == null) {
      manifest = Manifest.read(database());
    }
    return manifest;
  }

  public long sequence() throws IOException {
    return manifest().sequence();
  }

  /** When the last flush was that is in it. */
  public Instant cut() throws IOException {
    return manifest().cut();
  }

  /** When it was made. */
  public Instant made() throws IOException {
    return manifest().made();
  }

  public long bytes() throws IOException {
    return manifest().bytes();
  }

  public long newBytes() throws IOException {
    return manifest().newBytes();
  }

  /**
   * Compares each file with the manifest, then reads each record. What is read twice is told as
   * half each time.
   *
   * @throws CorruptStoreException if anything is missing, damaged or does not belong here
   */
  public void verify() throws IOException {
    Manifest expected = Manifest.read(database());
    checkNames(expected);
    long files = expected.bytes();
    long segments = expected.segmentBytes();
    ByteMeter meter =
        new ByteMeter(
            (done, all) -> progress.progressed((long) ((double) done / all * files), files),
            files + segments);
    for (Item item : expected.items()) {
      if (item(log().resolve(item.name()), meter).crc() != item.crc()) {
        throw changed(item);
      }
    }
    Recovery.Recovered found =
        LiveRecovery.open(log(), io, bytes -> meter.reach(files + Math.min(bytes, segments)));
    try {
      long keys = found.state().index().size();
      if (found.end().sequence() != expected.sequence() || keys != expected.keys()) {
        throw new CorruptStoreException(
            LogFiles.manifest(database()),
            "the backup was made at sequence number %s with %s keys, and is at %s with %s"
                .formatted(expected.sequence(), expected.keys(), found.end().sequence(), keys));
      }
    } finally {
      found.state().closeContents();
    }
  }

  /** Counts the bytes of the segments. */
  ByteMeter meter(Manifest expected) {
    return new ByteMeter(progress, expected.segmentBytes());
  }

  /** Compares names and lengths. */
  void checkNames(Manifest expected) throws IOException {
    Path log = log();
    for (Item item : expected.items()) {
      Path file = log.resolve(item.name());
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new CorruptStoreException(file, "the backup's manifest has this file; it is missing");
      }
      long length = Files.size(file);
      if (length != item.length()) {
        throw new CorruptStoreException(
            file,
            Math.min(length, item.length()),
            "the file has " + length + " bytes, and had " + item.length() + " in the backup");
      }
    }
    for (Path file : BackupFolder.children(log)) {
      if (expected.item(String.valueOf(file.getFileName())).isEmpty()) {
        throw new CorruptStoreException(file, "the backup's manifest does not know this file");
      }
    }
  }

  /** Says that a file is not what it was; where that is, if it can be found out. */
  CorruptStoreException changed(Item item) throws IOException {
    Path file = log().resolve(item.name());
    try {
      LiveRecovery.open(log(), io, Long.MAX_VALUE, new SecureRandom()).state().closeContents();
    } catch (CorruptStoreException e) {
      if (file.equals(e.file())) {
        return e;
      }
    }
    return new CorruptStoreException(
        file, "the file's content is not that which was backed up: its checksum is another");
  }

  /**
   * Reads the list of the log's segments, and compares it and their headers with the manifest: the
   * checksum of a file does not tell one part that ends with its own checksum from another.
   */
  WitnessFile.Content listed(Manifest expected) throws IOException {
    Path file = WitnessFile.of(log());
    Item found = item(file);
    WitnessFile.Content content = WitnessFile.read(log());
    if (content == null
        || expected.item(found.name()).filter(item -> item.crc() == found.crc()).isEmpty()
        || !isListOf(content, expected)) {
      throw new CorruptStoreException(file, "the list is not that which was backed up");
    }
    for (Witness.Entry entry : content.entries()) {
      Path segment = LogFiles.segment(log(), entry.ordinal());
      SegmentHeader header = SegmentHeader.read(new LogFiles.Found(entry.ordinal(), segment));
      if (header.id() != entry.id() || header.generation() != entry.generation()) {
        throw new CorruptStoreException(
            segment, 0, "the segment is not that which was backed up: its id is another");
      }
    }
    return content;
  }

  private static boolean isListOf(WitnessFile.Content content, Manifest expected) {
    long segments = expected.items().stream().filter(item -> item.id() != 0).count();
    return Manifest.lineage(content.identity()).equals(expected.lineage())
        && content.entries().size() == segments
        && content.entries().stream().allMatch(entry -> expected.item(entry).isPresent());
  }

  /** Sums a file up, as if it were new. */
  static Item item(Path file) throws IOException {
    return item(file, new ByteMeter((bytes, total) -> {}, 0));
  }

  private static Item item(Path file, ByteMeter meter) throws IOException {
    CRC32C crc = new CRC32C();
    long length = 0;
    byte[] part = new byte[PART_BYTES];
    try (InputStream in = new FileInputStream(file.toFile())) { // Minds no interruption.
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        crc.update(part, 0, count);
        length += count;
        meter.add(count);
      }
    }
    String name = String.valueOf(Objects.requireNonNull(file.getFileName()));
    return new Item(name, length, (int) crc.getValue(), 0, 0, true);
  }

  /**
   * Makes a store of it.
   *
   * @param target what the store's location will be; it does not exist
   * @param moment as of which; null: as of the backup
   */
  public void restore(Path target, @Nullable Instant moment) throws IOException {
    new Restoration(this, target, moment, io).run();
  }
}
