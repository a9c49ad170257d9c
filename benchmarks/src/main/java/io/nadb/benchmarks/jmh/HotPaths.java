package io.nadb.benchmarks.jmh;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What single calls cost, in time and in allocated bytes ({@code gc.alloc.rate.norm}). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "--enable-native-access=ALL-UNNAMED"})
public class HotPaths {
  private static final int KEYS = 1 << 16;

  /** Where values are: in the write buffer or on disk, or in a store that has no disk. */
  @Param({"mem", "fs"})
  private String backend = "";

  private final String[] keys = new String[KEYS];
  private final Values values = new Values(100);
  private Path directory = Path.of("");
  private Optional<KeyValueStore> store = Optional.empty();
  private int next;

  /** Runs the benchmarks, with allocation, unless the arguments say otherwise. */
  public static void main(String[] args) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(args));
    if (!arguments.contains("-prof")) {
      arguments.addAll(List.of("-prof", "gc"));
    }
    if (args.length == 0 || args[0].startsWith("-")) {
      arguments.add(HotPaths.class.getPackageName());
    }
    Main.main(arguments.toArray(new String[0]));
  }

  /** Fills a store whose keys are all flushed. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("nadb-jmh");
    String place = backend.equals("fs") ? directory.toString() : "jmh";
    KeyValueStore opened = NadbDriverManager.open("nadb:" + backend + ":" + place + "?flush=off");
    for (int i = 0; i < KEYS; i++) {
      keys[i] = Keys.of(i);
      opened.set(keys[i], values.of(i, 0));
    }
    opened.flush();
    store = Optional.of(opened);
  }

  /** Closes the store and removes it. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    store.orElseThrow().close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Replaces a value, with flushes in the background. */
  @Benchmark
  public long set() {
    next = (next + 1) & (KEYS - 1);
    return store.orElseThrow().set(keys[next], values.of(next, next & 7));
  }

  /** Reads a flushed value. */
  @Benchmark
  public Optional<byte[]> get() {
    next = (next + 1) & (KEYS - 1);
    return store.orElseThrow().get(keys[next]);
  }

  /** Reads a key that does not exist. */
  @Benchmark
  public Optional<byte[]> getAbsent() {
    return store.orElseThrow().get("no such key");
  }
}
