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

  private final Settings settings;
  private final PrintStream out;
  private final List<StoredFile> files = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  Quickstart(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /**
   * What to do.
   *
   * @param folder the folder to store
   * @param directory where the store goes; it must be empty or not exist
   * @param flush the flush interval
   * @param ttl how long the note lives
   * @param maxFileBytes bigger files are left out: a value is held in memory as a whole
   */
  record Settings(Path folder, Path directory, Duration flush, Duration ttl, long maxFileBytes) {

    static Settings of(Path folder, Path directory) {
      long heapShare = Runtime.getRuntime().maxMemory() / 8;
      return new Settings(
          folder,
          directory,
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Math.min(heapShare, 1L << 30));
    }

    String url() {
      String path = directory.toString().replace("%", "%25").replace("?", "%3F");
      return "nadb:fs:" + path + "?buffer=1mb&flush=" + Text.duration(flush);
    }
  }

  /** Arguments: the folder (default: the working directory), where to keep the store. */
  public static void main(String[] args) throws InterruptedException {
    if (!runWith(args, System.out)) {
      System.exit(1);
    }
  }

  /** Runs with a temporary store, or one that is kept; returns whether all went well. */
  static boolean runWith(String[] args, PrintStream out) throws InterruptedException {
    String folder = args.length > 0 && !args[0].isBlank() ? args[0] : ".";
    Optional<String> kept =
        args.length > 1 && !args[1].isBlank() ? Optional.of(args[1]) : Optional.empty();
    try {
      Path source = Path.of(folder).toRealPath();
      if (kept.isPresent()) {
        Path directory = Path.of(kept.get()).toAbsolutePath().normalize();
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
            + files(listing.files().size())
            + " ("
            + Text.bytes(listing.bytes())
            + "), tagged by kind and folder; kind text lives for a day");
    long start = System.nanoTime();
    Progress progress = new Progress(listing.bytes());
    long bytes = 0;
    for (Path file : listing.files()) {
      Optional<byte[]> content = read(file);
      if (content.isPresent()) {
        storeFile(store, file, content.get());
        bytes += content.get().length;
        progress.show(bytes);
      }
    }
    out.printf(
        "   done: %s, %s in %s%n",
        files(files.size()), Text.bytes(bytes), Text.pace(bytes, since(start)));
    if (!notes.isEmpty()) {
      out.println("   left out: " + notes.size());
      printSome(notes);
    }
  }

  private void storeFile(KeyValueStore store, Path file, byte[] content) {
    Path parent = file.getParent();
    Kind kind = Kind.of(file.getFileName().toString(), content);
    Set<String> tags = new LinkedHashSet<>();
    tags.add(kind.tag());
    tags.add("folder:" + (parent == null ? "." : parent.getName(0)));
    SetOptions options = SetOptions.tags(tags.toArray(String[]::new));
    if (kind == Kind.TEXT) {
      options = options.withTtl(TEXT_TTL);
    }
    String key = FILE_PREFIX + file.toString().replace('\\', '/');
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
      printRow(store.stats(), since(start), present);
      if (since(start).compareTo(patience) > 0) {
        throw new NadbException("waited " + patience + " for a flush; " + store.stats());
      }
      if (!durable) {
        durable = store.awaitDurable(last, step);
      } else if (present) {
        pause(step);
      }
    }
    printRow(store.stats(), since(start), store.get(NOTE).isPresent());
    out.println(
        "   The note has expired; cleanupExpired() removed "
            + entries(store.cleanupExpired())
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
    store.tags().forEach((tag, entries) -> out.printf("   %-30s %s%n", tag, entries(entries)));
    Map<List<String>, Long> pairs = new TreeMap<>(Comparator.comparing(List::toString));
    for (StoredFile file : files) {
      pairs.merge(List.copyOf(file.tags()), 1L, Long::sum);
    }
    pairs.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .ifPresent(
            most -> {
              String[] tags = most.getKey().toArray(String[]::new);
              List<EntryMetadata> hits = store.queryByTags(tags);
              out.println("   " + String.join(" AND ", tags) + ": " + entries(hits.size()));
              if (hits.size() != most.getValue()) {
                wrong.add("the query should have found " + entries(most.getValue()));
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
          files(files.size()), Text.bytes(result.bytes()), Text.pace(result.bytes(), since(start)));
      if (result.changed() > 0) {
        out.println(
            "   changed since they were stored: "
                + files(result.changed())
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

  private static String entries(long number) {
    return number + (number == 1 ? " entry" : " entries");
  }

  private static String files(long number) {
    return number + (number == 1 ? " file" : " files");
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static void pause(Duration time) throws InterruptedException {
    boolean opened = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    assert !opened;
  }

  /** Prints a line every ten percent, and every few seconds if that takes longer. */
  private final class Progress {
    private final long total;
    private final long start = System.nanoTime();
    private long nextTenth = 1;
    private Duration nextTime = Duration.ofSeconds(3);

    Progress(long total) {
      this.total = total;
    }

    void show(long bytes) {
      Duration time = since(start);
      boolean tenth = bytes * 10 >= nextTenth * total;
      if (tenth || time.compareTo(nextTime) >= 0) {
        out.printf(
            "   %3d %%  %9s  %10s%n",
            Math.min(100, bytes * 100 / Math.max(1, total)),
            files(files.size()),
            Text.bytes(bytes));
        nextTenth = bytes * 10 / Math.max(1, total) + 1;
        nextTime = time.plusSeconds(3);
      }
    }
  }
}
