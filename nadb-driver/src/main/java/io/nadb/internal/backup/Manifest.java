package io.nadb.internal.backup;

import io.nadb.CorruptStoreException;
import io.nadb.NadbException;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.segment.Witness;
import io.nadb.spi.StorageIo;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a backup is, {@code backup.manifest}, written last: without it there is none. Lines of text
 * in UTF-8:
 *
 * <pre>
 * nadb backup 1                  format version
 * lineage 0123...                of the log: only backups of the same lineage share files
 * sequence 42                    of the last write
 * cut 2026-11-29T03:20:00.123Z   when the last flush was
 * made 2026-11-29T03:20:00.456Z  when the backup was
 * keys 17
 * file 0000000001.seg 65536 1a2b3c4d 0 9f... new       name, length, CRC32C, generation, id, and
 * file nadb.lineage 136 ... 0 0 new                    whether it was copied, or shared (linked)
 * end 5e6f7a8b                   CRC32C of all before
 * </pre>
 */
record Manifest(
    String lineage, long sequence, Instant cut, Instant made, long keys, List<Item> items) {
  private static final int VERSION = 1;
  private static final String TITLE = "nadb backup ";
  private static final String END = "end ";

  /**
   * A file below {@code log}.
   *
   * @param generation of a segment, as its header has it; else 0
   * @param id of a segment, as its header has it; else 0
   * @param isNew whether it was copied when the backup was made, and not linked
   */
  record Item(String name, long length, int crc, int generation, long id, boolean isNew) {

    /** Whether this is the file of a segment with so many bytes. */
    boolean isOf(SegmentHeader header, long bytes) {
      return generation == header.generation() && id == header.id() && length == bytes;
    }

    private String line() {
      return "file %s %d %08x %d %x %s"
          .formatted(name, length, crc, generation, id, isNew ? "new" : "shared");
    }

    private static Item parse(String text) {
      String[] words = text.split(" ", -1);
      if (words.length != 6 || words[0].isEmpty() || words[0].contains("/")) {
        throw new IllegalArgumentException("a file has 6 parts");
      }
      return new Item(
          words[0],
          Long.parseLong(words[1]),
          Integer.parseUnsignedInt(words[2], 16),
          Integer.parseInt(words[3]),
          Long.parseUnsignedLong(words[4], 16),
          words[5].equals("new"));
    }
  }

  /** How a log's lineage is written. */
  static String lineage(LogIdentity identity) {
    return "%016x%016x".formatted(identity.lineage0(), identity.lineage1());
  }

  Optional<Item> item(String name) {
    return items.stream().filter(item -> item.name.equals(name)).findFirst();
  }

  /** The segment that a list of them means. */
  Optional<Item> item(Witness.Entry listed) {
    return items.stream()
        .filter(item -> item.id == listed.id() && item.generation == listed.generation())
        .filter(item -> item.name.equals(LogFiles.name(listed.ordinal())))
        .filter(item -> item.length == listed.end())
        .findFirst();
  }

  /** How many bytes all files have. */
  long bytes() {
    return items.stream().mapToLong(Item::length).sum();
  }

  /** How many of these are of segments. */
  long segmentBytes() {
    return items.stream().filter(item -> item.id != 0).mapToLong(Item::length).sum();
  }

  /** How many bytes were copied. */
  long newBytes() {
    return items.stream().filter(Item::isNew).mapToLong(Item::length).sum();
  }

  /** Writes it down for good. */
  void write(Path directory, StorageIo io) throws IOException {
    Path file = LogFiles.manifest(directory);
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
    try (StorageIo.Output out = io.create(temporary, 0)) {
      out.write(bytes, 0, bytes.length);
      out.sync();
    }
    io.rename(temporary, file);
    io.syncDirectory(directory);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    text.append(TITLE).append(VERSION).append('\n');
    text.append("lineage ").append(lineage).append('\n');
    text.append("sequence ").append(sequence).append('\n');
    text.append("cut ").append(cut).append('\n');
    text.append("made ").append(made).append('\n');
    text.append("keys ").append(keys).append('\n');
    for (Item item : items) {
      text.append(item.line()).append('\n');
    }
    return text + END + "%08x\n".formatted(crc(text.toString()));
  }

  private static int crc(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return SegmentFormat.crc(bytes, 0, bytes.length);
  }

  /**
   * Reads the manifest of a backup.
   *
   * @param directory the database's
   * @throws CorruptStoreException if it is missing or damaged
   * @throws NadbException if it is of another version
   */
  static Manifest read(Path directory) throws IOException {
    Path file = LogFiles.manifest(directory);
    String text;
    try (InputStream in = new FileInputStream(file.toFile())) { // Minds no interruption.
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw e;
      }
      throw new CorruptStoreException(file, "the backup's manifest is missing: it is no backup");
    }
    try {
      return parse(file, text);
    } catch (IllegalArgumentException | DateTimeParseException | IndexOutOfBoundsException e) {
      throw damaged(file);
    }
  }

  private static Manifest parse(Path file, String text) {
    int end = text.lastIndexOf("\n" + END) + 1;
    String content = text.substring(0, end);
    if (!text.substring(end).equals(END + "%08x\n".formatted(crc(content)))) {
      throw damaged(file);
    }
    String[] lines = content.split("\n", -1);
    int version = Integer.parseInt(rest(lines[0], TITLE));
    if (version > VERSION) {
      throw new NadbException(
          file
              + " has format version "
              + version
              + "; this version of NADB reads up to "
              + VERSION
              + "; use a newer version");
    }
    List<Item> items = new ArrayList<>();
    for (int i = 6; i < lines.length - 1; i++) {
      items.add(Item.parse(rest(lines[i], "file ")));
    }
    return new Manifest(
        rest(lines[1], "lineage "),
        Long.parseLong(rest(lines[2], "sequence ")),
        Instant.parse(rest(lines[3], "cut ")),
        Instant.parse(rest(lines[4], "made ")),
        Long.parseLong(rest(lines[5], "keys ")),
        List.copyOf(items));
  }

  private static String rest(String line, String beginning) {
    if (!line.startsWith(beginning)) {
      throw new IllegalArgumentException(line);
    }
    return line.substring(beginning.length());
  }

  private static CorruptStoreException damaged(Path file) {
    return new CorruptStoreException(file, "the backup's manifest is damaged");
  }
}
