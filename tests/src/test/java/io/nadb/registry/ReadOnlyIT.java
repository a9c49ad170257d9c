package io.nadb.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testing.Strace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another process reads a store while this one writes to it. */
@Timeout(120)
class ReadOnlyIT {
  private static final int KEYS = 1000;
  private static final int LOOKS = 40;

  @TempDir Path temp;

  private static void setAll(KeyValueStore store, int round) {
    byte[] value = Integer.toString(round).getBytes(UTF_8);
    Map<String, byte[]> entries =
        IntStream.range(0, KEYS).boxed().collect(Collectors.toMap(i -> "key" + i, i -> value));
    store.setAll(entries);
    store.flush();
  }

  @Test
  void eachLookShowsExactlyOneCutHoweverFastTheOwnerWritesAndCompacts() throws Exception {
    String url = "nadb:fs:" + temp.resolve("data");
    AtomicBoolean ended = new AtomicBoolean();
    try (StoreRegistry registry = StoreRegistry.create()) {
      KeyValueStore store = registry.open(url + "?flush=5ms&segment=64kb&buffer=8mb");
      setAll(store, 0);
      Thread writing =
          new Thread(
              () -> {
                for (int round = 1; !ended.get(); round++) {
                  setAll(store, round);
                }
              });
      try (ChildJvm reader = ChildJvm.start(ReadOnlyChild.class, url + "?access=read")) {
        assertThat(reader.line()).isEqualTo(KEYS + " 0");
        writing.start();
        int last = 0;
        for (int look = 0; look < LOOKS; look++) {
          long durable = store.durableSequence();
          String[] words = reader.ask("look").split(" ", -1);
          assertThat(words).as("of one cut: %s", String.join(" ", words)).hasSize(3);
          assertThat(words[1]).isEqualTo(Integer.toString(KEYS));
          assertThat(Long.parseLong(words[0])).isGreaterThanOrEqualTo(durable);
          int round = Integer.parseInt(words[2]);
          assertThat(Long.parseLong(words[0])).isEqualTo((round + 1L) * KEYS);
          assertThat(round).isGreaterThanOrEqualTo(last);
          last = round;
        }
        reader.release();
        assertThat(reader.exitCode()).isZero();
      } finally {
        ended.set(true);
        writing.join();
      }
      assertThat(store.stats().compactions()).isPositive();
    }
  }

  @Test
  void theOperatingSystemIsAskedToChangeNothing() throws Exception {
    Strace.assumeUsable();
    String url = "nadb:fs:" + temp.resolve("data");
    try (StoreRegistry registry = StoreRegistry.create()) {
      setAll(registry.open(url + "?flush=off&segment=64kb"), 0);
    }
    Path calls = temp.resolve("calls");
    List<String> launcher =
        List.of("strace", "-f", "--seccomp-bpf", "-qq", "-y", "-o", calls.toString(), "-e").stream()
            .collect(Collectors.toList());
    launcher.add("trace=%file,write,pwrite64,ftruncate,fallocate,fcntl,flock");
    try (ChildJvm reader = ChildJvm.start(launcher, ReadOnlyChild.class, url + "?access=read")) {
      assertThat(reader.line()).isEqualTo(KEYS + " 0");
      assertThat(reader.ask("look")).isEqualTo(KEYS + " " + KEYS + " 0");
      reader.release();
      assertThat(reader.exitCode()).isZero();
    }

    List<String> ofTheStore = callsOn(calls, temp.resolve("data").toRealPath());
    assertThat(ofTheStore).isNotEmpty();
    assertThat(ofTheStore)
        .noneMatch(call -> call.matches(".*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|F_SETLK).*"))
        .noneMatch(
            call ->
                call.matches(
                    "\\d+ +(write|pwrite64|ftruncate|fallocate|rename|unlink|mkdir|link|utime|chmod"
                        + "|flock|truncate|mknod)[a-z0-9]*\\(.*"));
  }

  private static List<String> callsOn(Path calls, Path directory) throws IOException {
    return Files.readAllLines(calls).stream()
        .filter(line -> line.contains(directory.toString()) && !line.contains("execve("))
        .toList();
  }

  @Test
  void aDiskThatMayNotBeWrittenToIsReadAllTheSame() throws Exception {
    String url = "nadb:fs:" + temp.resolve("data");
    try (StoreRegistry registry = StoreRegistry.create()) {
      setAll(registry.open(url + "?flush=off&segment=64kb"), 0);
    }
    List<String> launcher =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\""
                + " && ! touch \"$0/new\" && exec \"$@\"",
            temp.resolve("data").toString());
    int possible =
        new ProcessBuilder(Stream.concat(launcher.stream(), Stream.of("true")).toList())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    Assumptions.assumeTrue(possible == 0, "this user may not mount anything read-only here");
    try (ChildJvm reader = ChildJvm.start(launcher, ReadOnlyChild.class, url + "?access=read")) {
      assertThat(reader.line()).isEqualTo(KEYS + " 0");
      assertThat(reader.ask("look")).isEqualTo(KEYS + " " + KEYS + " 0");
      reader.release();
      assertThat(reader.exitCode()).isZero();
    }
  }
}
