package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;

import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.spi.BackendView;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The course of a small store's life that the checked-in stores have had: several segments, some
 * compacted, some to nothing, with tags, expiry times, touches (since version 3), deletions and two
 * namespaces.
 */
final class GoldenStore {
  /** So that a few values fill a segment. */
  static final LogSettings SETTINGS = new LogSettings(2048, Codec.NONE, false, Long.MAX_VALUE);

  private static final long WRITTEN = Instant.parse("2029-05-06T07:08:09.010Z").toEpochMilli();
  private static final long FAR = Instant.parse("2041-01-02T03:04:05.006Z").toEpochMilli();

  private final LogBackend backend;
  private final Watcher watcher;
  private final boolean touches;
  private final Map<String, Map<String, Write>> entries = new TreeMap<>();
  private final List<Map<String, Map<String, String>>> boundaries = new ArrayList<>();
  private Map<String, Map<String, Write>> cut = new TreeMap<>();
  private long sequence;

  /** Is called after each flush and after each step of maintenance. */
  interface Watcher {
    void look() throws IOException;
  }

  private GoldenStore(LogBackend backend, Watcher watcher, boolean touches) {
    this.backend = backend;
    this.watcher = watcher;
    this.touches = touches;
  }

  /** Opens a directory, with ids that are the same each time. */
  static LogBackend open(Path directory, StorageIo io) throws IOException {
    return open(directory, io, 1);
  }

  static LogBackend open(Path directory, StorageIo io, long seed) throws IOException {
    Files.createDirectories(directory);
    return LogBackend.open(directory, SETTINGS, io, new VirtualTime(), new Random(seed));
  }

  /** Lives that life; returns what the store holds after each flush, nothing at first. */
  static List<Map<String, Map<String, String>>> live(LogBackend backend, Watcher watcher)
      throws IOException {
    return live(new GoldenStore(backend, watcher, true));
  }

  /** Lives the life that stores had before they knew touches; as above. */
  static List<Map<String, Map<String, String>>> liveWithoutTouches(LogBackend backend)
      throws IOException {
    return live(new GoldenStore(backend, () -> {}, false));
  }

  private static List<Map<String, Map<String, String>>> live(GoldenStore store) throws IOException {
    store.boundaries.add(Map.of());
    store.live();
    return store.boundaries;
  }

  /** Lives its beginning, before anything is rewritten. */
  static void begin(LogBackend backend) throws IOException {
    new GoldenStore(backend, () -> {}, true).begin();
  }

  /** Copies a checked-in store to where it can be opened. */
  static void copy(String name, Path target) throws IOException {
    Files.createDirectories(target.resolve("log"));
    for (Path file : files(name)) {
      Files.copy(file, target.resolve("log").resolve(String.valueOf(file.getFileName())));
    }
  }

  /** The files of a checked-in store's log. */
  static List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(GoldenStore.class.getResource(name).toURI()))) {
      return files.sorted().toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void begin() throws IOException {
    for (int i = 0; i < 30; i++) {
      set("default", "key" + i, i, 150, FAR + i, "tag" + i % 3);
      if (i % 5 == 4) {
        flush();
      }
    }
    for (int i = 0; i < 25; i++) {
      set("other", "key" + i, i, 100, Write.NEVER);
      flush();
    }
    for (int i = 8; i < 22; i++) {
      delete("default", "key" + i, i % 2 == 0);
    }
    flush();
    for (int i = 3; i < 25; i++) {
      set("other", "key" + i, -i, 80, i % 2 == 0 ? FAR : Write.NEVER, "rewritten", "größe");
    }
    flush();
    for (int round = 1; round <= 2 && touches; round++) {
      for (int i = 0; i < 30; i += 3 - round) {
        touch("default", "key" + i, FAR + 1000L * round + i);
        touch("other", "key" + i, FAR + 1000L * round + i);
      }
      flush();
    }
  }

  private void live() throws IOException {
    begin();
    maintain();
    for (int i = 0; i < 40; i++) {
      set("default", "last" + i, i, 60, Write.NEVER, i % 2 == 0 ? "even" : "odd");
      if (i % 4 == 3) {
        flush();
      }
    }
    for (int i = 0; i < 30; i += 2) {
      delete("default", "last" + i, false);
    }
    flush();
    maintain();
    set("default", "the last one", 0, 10, Write.NEVER);
    touch("default", "last3", FAR);
    flush();
    delete("default", "last1", true);
    flush();
  }

  private void set(
      String namespace, String key, int number, int length, long expiresAt, String... tags) {
    byte[] value = utf8((number + " " + "v".repeat(length)).substring(0, length));
    Set<String> tagSet = new LinkedHashSet<>(List.of(tags));
    put(
        namespace,
        key,
        Write.set(++sequence, value, tagSet, WRITTEN, true, WRITTEN + sequence, expiresAt));
  }

  /** Gives an entry another expiry time, if there is one. */
  private void touch(String namespace, String key, long expiresAt) {
    Map<String, Write> space = entries.computeIfAbsent(namespace, name -> new TreeMap<>());
    Write before = space.get(key);
    if (!touches || before == null) {
      return;
    }
    byte[] value = before.value();
    Set<String> tags = before.tags();
    long touched = before.sequence();
    long updated = before.updated();
    put(
        namespace,
        key,
        Write.touch(
            ++sequence, touched, value.length, null, tags, WRITTEN, true, updated, expiresAt));
    space.put(key, Write.set(sequence, value, tags, WRITTEN, true, updated, expiresAt));
  }

  private void delete(String namespace, String key, boolean expired) {
    put(
        namespace,
        key,
        expired
            ? Write.expiry(++sequence, WRITTEN + sequence)
            : Write.delete(++sequence, WRITTEN + sequence));
  }

  private void put(String namespace, String key, Write write) {
    cut.computeIfAbsent(namespace, name -> new TreeMap<>()).put(key, write);
    Map<String, Write> space = entries.computeIfAbsent(namespace, name -> new TreeMap<>());
    if (write.isDelete()) {
      space.remove(key);
    } else {
      space.put(key, write);
    }
  }

  private void flush() throws IOException {
    backend.apply(new MapCut(sequence, cut), true);
    cut = new TreeMap<>();
    boundaries.add(view());
    watcher.look();
  }

  private void maintain() throws IOException {
    while (backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE) {
      watcher.look();
    }
  }

  /** Shows all that is known of each entry as a text. */
  private Map<String, Map<String, String>> view() {
    Map<String, Map<String, String>> view = new TreeMap<>();
    entries.forEach(
        (namespace, space) -> {
          Map<String, String> texts = new TreeMap<>();
          space.forEach((key, write) -> texts.put(key, text(write)));
          if (!texts.isEmpty()) {
            view.put(namespace, texts);
          }
        });
    return view;
  }

  private static String text(Write write) {
    return text(write.value(), write.sequence(), write.updated(), write.expiresAt(), write.tags());
  }

  private static String text(
      byte[] value, long sequence, long updated, long expiresAt, Set<String> tags) {
    return new String(value, StandardCharsets.UTF_8)
        + (" #" + sequence + " @" + updated + " until " + expiresAt)
        + (" " + new TreeSet<>(tags));
  }

  /** Reads what a store holds, in the same form. */
  static Map<String, Map<String, String>> read(LogBackend backend) throws IOException {
    Map<String, Map<String, String>> view = new TreeMap<>();
    for (String namespace : List.of("default", "other")) {
      Map<String, String> texts = new TreeMap<>();
      List<StoredEntry> found = new ArrayList<>();
      try (BackendView all = backend.view(Long.MAX_VALUE)) {
        all.scan(namespace, "", found::add);
      }
      for (StoredEntry entry : found) {
        byte[] value = Objects.requireNonNull(backend.value(namespace, entry.key(), () -> 0));
        texts.put(
            entry.key(),
            text(value, entry.sequence(), entry.updated(), entry.expiresAt(), entry.tags()));
      }
      if (!texts.isEmpty()) {
        view.put(namespace, texts);
      }
    }
    return view;
  }
}
