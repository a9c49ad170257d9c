package io.nadb.repair;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.MappedFile;
import io.nadb.spi.CopyableStore;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Stores of several segments, to be damaged. */
final class DamagedStores {
  static final String OPTIONS = "?flush=off&segment=64kb&metadata=none&sweep=off";

  private DamagedStores() {}

  /** Where a record is that makes an entry what it is. */
  record Part(String entry, Path file, long from, long to, long sequence) {}

  /** Fills a store with what is set, replaced, touched, deleted and compacted. */
  static void fill(KeyValueStore store, VirtualTime time) {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 60; i++) {
        time.advance(Duration.ofMillis(1));
        KeyValueStore in = store.namespace(i % 5 == 0 ? "other" : "default");
        String key = "key" + (i + 20 * round);
        byte[] value =
            (round + "-" + i + "v".repeat(i % 7 == 0 ? 9000 : 40 * (i % 13))).getBytes(UTF_8);
        SetOptions options = i % 3 == 0 ? SetOptions.tags("t" + i % 4) : SetOptions.none();
        in.set(key, value, i % 4 == 0 ? options.withTtl(Duration.ofDays(9 + i)) : options);
        if (i % 9 == 0) {
          in.delete("key" + (i + 20 * round - 3));
        }
        if (i % 12 == 11) {
          store.flush();
        }
      }
      for (int i = 0; i < 60; i += 8) {
        store.touch("key" + (i + 20 * round + 1), Duration.ofDays(100));
      }
      store.flush();
    }
  }

  static Map<String, Entry> content(KeyValueStore store) {
    Map<String, Entry> content = new TreeMap<>();
    for (String namespace : CopyableStore.of(store).namespaces()) {
      KeyValueStore in = store.namespace(namespace);
      for (String key : in.keys("")) {
        content.put(namespace + "/" + key, in.entry(key).orElseThrow());
      }
    }
    return content;
  }

  static Map<String, Entry> content(Path directory, VirtualTime time) {
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      return content(readers.open("nadb:fs:" + directory + "?access=read"));
    }
  }

  static List<Path> segments(Path directory) throws IOException {
    return LogFiles.segments(directory.resolve("main/log")).stream()
        .map(LogFiles.Found::file)
        .toList();
  }

  /** The records that entries are made of: of each key the last one, and of a touch its value. */
  static Map<String, List<Part>> parts(Path directory) throws IOException {
    Map<String, List<Part>> parts = new TreeMap<>();
    for (LogFiles.Found found : LogFiles.segments(directory.resolve("main/log"))) {
      SegmentHeader header = SegmentHeader.read(found);
      long length = Files.size(found.file());
      MappedFile content = MappedFile.map(found.file(), length);
      new SegmentScanner(found.file(), content, header.identity().hasher(), header.version())
          .check(header.length(), length, true, record -> note(parts, found.file(), record));
      content.close();
    }
    parts.values().removeIf(List::isEmpty);
    return parts;
  }

  private static void note(Map<String, List<Part>> parts, Path file, LogRecord record) {
    String name = record.namespace() + "/" + record.key();
    List<Part> known = parts.computeIfAbsent(name, any -> new ArrayList<>());
    if (!record.isTouch()) {
      known.clear();
    } else if (known.size() > 1) {
      known.remove(1);
    }
    if (!record.isDelete()) {
      long from = record.offset();
      known.add(new Part(name, file, from, from + record.length(), record.sequence()));
    }
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(offset);
      int was = access.read();
      access.seek(offset);
      access.write(was ^ 0x10);
    }
  }

  static void cut(Path file, long length) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(length);
    }
  }
}
