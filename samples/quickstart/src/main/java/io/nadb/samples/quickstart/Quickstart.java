package io.nadb.samples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreStats;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The main job of NADB on real data: stores a folder of files with tags and TTL, shows the write
 * buffer empty itself when the timed flush comes by, queries by tags, lets an entry expire, closes,
 * opens again, and compares every byte with the files.
 */
public final class Quickstart {
  static final String FILE_PREFIX = "file:";
  private static final String NOTE = "note:short-lived";
  private static final Duration TEXT_TTL = Duration.ofDays(1);
  private static final int SHOWN = 3;
  private static final int SHOWN_TAGS = 10;

  private final Settings settings;
  private final PrintStream out;
  private final List<StoredFile> files = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  Quickstart(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /** Arguments: the folder (default: the working directory), where to keep the store. */
  public static void main(String[] args) throws InterruptedException {
    // Maven hands on an argument that is empty as null.
    List<String> given = Stream.of(args).filter(arg -> arg != null && !arg.isEmpty()).toList();
    if (!runWith(given, System.out)) {
      System.exit(1);
    }
  }

  /** Runs with a temporary store, or one that is kept; returns whether all went well. */
  static boolean runWith(List<String> args, PrintStream out) throws InterruptedException {
    String folder = args.isEmpty() ? "." : args.get(0);
    try {
      Path source = Path.of(folder).toRealPath();
      if (args.size() > 1) {
        Path directory = Path.of(args.get(1)).toAbsolutePath().normalize();
        boolean well = new Quickstart(Settings.of(source, directory), out).run();
        out.println("The store is kept: " + directory);
        return well;
      }
      Path directory = Files.createTempDirectory("nadb-quickstart-");
      try {
        return new Quickstart(Settings.of(source, directory), out).run();
      } finally {
        deleteTree(directory);
      }
    } catch (IOException | NadbException e) {
      out.println("The quickstart failed: " + e);
      return false;
    }
  }

  /** Does the whole job; returns whether every byte came back. */
  boolean run() throws IOException, InterruptedException {
    refuseUsedDirectory();
    out.println("NADB quickstart");
    out.println("  folder  " + settings.folder());
    out.println("  store   " + settings.url());
    try (KeyValueStore store = NadbDriverManager.open(settings.url())) {
      storeFiles(store);
      watchBuffer(store);
      query(store);
    }
    return verify();
  }

  private void storeFiles(KeyValueStore store) throws IOException {
    Listing listing = Listing.of(settings.folder(), settings.maxFileBytes());
    notes.addAll(listing.notes());
    heading(
        "1. Store "
            + Text.files(listing.files().size())
            + " ("
            + Text.bytes(listing.bytes())
            + "), tagged by kind and folder; kind text lives for a day");
    long start = System.nanoTime();
    Progress progress = new Progress(out, listing.bytes());
    long bytes = 0;
    Set<String> keys = new HashSet<>();
    for (Path file : listing.files()) {
      String key = FILE_PREFIX + file.toString().replace('\\', '/');
      Optional<byte[]> content = read(file);
      if (content.isPresent() && !keys.add(key)) {
        notes.add(file + " (reads as another file's name in this locale)");
      } else if (content.isPresent()) {
        storeFile(store, file, key, content.get());
        bytes += content.get().length;
        progress.show(files.size(), bytes);
      }
    }
    out.printf(
        "   done: %s, %s in %s%n",
        Text.files(files.size()), Text.bytes(bytes), Text.pace(bytes, Text.since(start)));
    if (!notes.isEmpty()) {
      out.println("   left out: " + notes.size());
      printSome(notes);
    }
  }

  private void storeFile(KeyValueStore store, Path file, String key, byte[] content) {
    Path parent = file.getParent();
    Kind kind = Kind.of(file.getFileName().toString(), content);
    Set<String> tags = new LinkedHashSet<>();
    tags.add(kind.tag());
    tags.add("folder:" + (parent == null ? "." : parent.getName(0)));
    SetOptions options = SetOptions.tags(tags.toArray(String[]::new));
    if (kind == Kind.TEXT) {
      options = options.withTtl(TEXT_TTL);
    }
    store.set(key, content, options);
    files.add(
        new StoredFile(
            settings.folder().resolve(file),
            key,
            StoredFile.digest(content),
            tags,
            options.ttl().isPresent()));
  }

  /** Shows how the buffer empties and a short-lived entry goes, both by themselves. */
  private void watchBuffer(KeyValueStore store) throws InterruptedException {
    heading(
        "2. Watch the write buffer: flushed when it holds 1 MB, and every "
            + Text.duration(settings.flush()));
    byte[] text = "gone in a moment".getBytes(UTF_8);
    long last = store.set(NOTE, text, SetOptions.ttl(settings.ttl()).withTags("note"));
    out.printf(
        "   %8s  %22s  %10s  %7s  %-10s  %s%n",
        "time",
        "buffered",
        "on disk",
        "flushes",
        "cause",
        "note, TTL " + Text.duration(settings.ttl()));

    long start = System.nanoTime();
    Duration patience = settings.flush().plus(settings.ttl()).multipliedBy(10);
    Duration step = settings.ttl().dividedBy(4);
    boolean durable = false;
    boolean present = true;
    while (!durable || present) {
      present = store.get(NOTE).isPresent();
      printRow(store.stats(), Text.since(start), present);
      if (Text.since(start).compareTo(patience) > 0) {
        throw new NadbException("waited " + patience + " for a flush; " + store.stats());
      }
      if (!durable) {
        durable = store.awaitDurable(last, step);
      } else if (present) {
        boolean unused = new CountDownLatch(1).await(step.toNanos(), TimeUnit.NANOSECONDS);
      }
    }
    printRow(store.stats(), Text.since(start), store.get(NOTE).isPresent());
    out.println(
        "   The note has expired; cleanupExpired() removed "
            + Text.entries(store.cleanupExpired())
            + ".");
  }

  private void printRow(StoreStats stats, Duration time, boolean present) {
    out.printf(
        Locale.ROOT,
        "   %6.1f s  %10s %11s  %10s  %7d  %-10s  %s%n",
        time.toMillis() / 1000.0,
        Text.bytes(stats.bufferedBytes()),
        stats.bufferedKeys() + " keys",
        Text.bytes(stats.totalBytes()),
        stats.flushCount(),
        stats.lastFlushCause().map(Enum::name).orElse("-").toLowerCase(Locale.ROOT),
        present ? "present" : "expired");
  }

  private void query(KeyValueStore store) {
    heading("3. Query by tags");
    Map<String, Long> tags = store.tags();
    tags.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(SHOWN_TAGS)
        .forEach(tag -> out.printf("   %-30s %s%n", tag.getKey(), Text.entries(tag.getValue())));
    if (tags.size() > SHOWN_TAGS) {
      out.println("   and " + (tags.size() - SHOWN_TAGS) + " more tags");
    }
    Map<List<String>, Long> pairs = new TreeMap<>(Comparator.comparing(List::toString));
    for (StoredFile file : files) {
      pairs.merge(List.copyOf(file.tags()), 1L, Long::sum);
    }
    pairs.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .ifPresent(
            most -> {
              String[] both = most.getKey().toArray(String[]::new);
              List<EntryMetadata> hits = store.queryByTags(both);
              out.println("   " + String.join(" AND ", both) + ": " + Text.entries(hits.size()));
              if (hits.size() != most.getValue()) {
                wrong.add("the query should have found " + Text.entries(most.getValue()));
              }
              printSome(
                  hits.stream().map(hit -> hit.key() + "  " + Text.bytes(hit.size())).toList());
            });
  }

  private boolean verify() {
    heading("4. Close, open again, compare every byte with the files");
    long start = System.nanoTime();
    try (KeyValueStore store = NadbDriverManager.open(settings.url())) {
      Verification result = Verification.of(store, files);
      out.printf(
          "   %s, %s in %s%n",
          Text.files(files.size()),
          Text.bytes(result.bytes()),
          Text.pace(result.bytes(), Text.since(start)));
      if (result.changed() > 0) {
        out.println(
            "   changed since they were stored: "
                + Text.files(result.changed())
                + "; compared with the digest of what was stored");
      }
      wrong.addAll(result.wrong());
      if (wrong.isEmpty()) {
        out.println("   Every byte, tag and TTL is right.");
        return true;
      }
      out.println("   WRONG: " + wrong.size());
      printSome(wrong);
      return false;
    }
  }

  private Optional<byte[]> read(Path file) {
    try {
      return Optional.of(Files.readAllBytes(settings.folder().resolve(file)));
    } catch (IOException e) {
      notes.add(file + " (" + Text.reason(e) + ")");
      return Optional.empty();
    }
  }

  private void refuseUsedDirectory() throws IOException {
    if (Files.exists(settings.directory())) {
      try (Stream<Path> content = Files.list(settings.directory())) {
        if (content.findAny().isPresent()) {
          throw new IOException(settings.directory() + " is not empty; choose a new directory");
        }
      }
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void heading(String text) {
    out.println();
    out.println(text);
  }

  private void printSome(List<String> lines) {
    lines.stream().limit(SHOWN).forEach(line -> out.println("     " + line));
    if (lines.size() > SHOWN) {
      out.println("     and " + (lines.size() - SHOWN) + " more");
    }
  }
}
