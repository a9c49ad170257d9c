package io.nadb.samples.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.SetOptions;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes and one that mirrors it, again and again, now the one, now the other.
 *
 * <p>{@code -Dkills=100} for more.
 */
@Timeout(1200)
class MirrorIT {
  private static final int KILLS = Integer.getInteger("kills", 6);
  private static final String SMALL = "?buffer=16kb&segment=64kb&metadata=none";

  @TempDir private Path directory;
  private final Random random = new Random();

  /** Writes until it is killed; "left" and "right" are always written together. */
  static final class Writer {
    public static void main(String[] arguments) {
      KeyValueStore store = NadbDriverManager.open(arguments[0]);
      Random random = new Random();
      for (int n = 1; ; n++) {
        String key = "key" + random.nextInt(200);
        switch (random.nextInt(6)) {
          case 0 -> store.delete(key);
          case 1 -> store.set(key, new byte[random.nextInt(3000)], ttl(1 + random.nextInt(50)));
          case 2 -> store.touch(key, Duration.ofMillis(1 + random.nextInt(200)));
          case 3 -> setBoth(store, random.nextInt());
          default -> store.set(key, ("value" + n).getBytes(UTF_8), SetOptions.tags("t" + n % 3));
        }
        if (random.nextInt(5000) == 0) {
          store.clear();
        }
        if (n % 50 == 0) {
          System.out.println(n);
        }
      }
    }

    private static SetOptions ttl(int millis) {
      return SetOptions.ttl(Duration.ofMillis(millis));
    }

    private static void setBoth(KeyValueStore store, int number) {
      byte[] value = Integer.toString(number).getBytes(UTF_8);
      store.setAll(Map.of("left", value, "right", value), SetOptions.none());
    }
  }

  private String source() {
    return "nadb:fs:" + directory.resolve("source") + SMALL + "&flush=5ms&sweep=20ms";
  }

  private String reader() {
    return "nadb:fs:" + directory.resolve("source") + "?access=read";
  }

  private String copy() {
    return "nadb:fs:" + directory.resolve("copy") + SMALL + "&flush=5ms";
  }

  @Test
  void theCopyIsTheSourceHoweverOftenEitherIsKilled() throws Exception {
    try (KeyValueStore store = NadbDriverManager.open(source())) {
      store.set("key0", new byte[0]);
    }
    for (int kill = 0; kill < KILLS; kill++) {
      Process writer = start(Writer.class, source());
      await(writer, 5);
      Process mirror = start(Mirror.class, reader(), copy());
      await(mirror, 1 + random.nextInt(30));
      if (random.nextBoolean()) { // The mirror goes on alone, or the writer does, or neither.
        kill(writer);
      } else {
        await(writer, random.nextInt(40));
      }
      kill(mirror);
      checkTransactions("kill " + kill);
      kill(writer);
      if (random.nextInt(3) == 0) {
        compare("kill " + kill);
      }
    }
    compare("the last kill");
  }

  private void checkTransactions(String when) {
    try (KeyValueStore copy = NadbDriverManager.open(copy());
        KeyValueStore places = copy.namespace("mirror-places")) {
      if (places.keys("").isEmpty()) {
        return; // The copy was being made.
      }
      assertThat(text(copy, "left")).as(when).isEqualTo(text(copy, "right"));
    }
  }

  private static String text(KeyValueStore store, String key) {
    return store.get(key).map(value -> new String(value, UTF_8)).orElse("");
  }

  private void compare(String when) throws InterruptedException {
    try (KeyValueStore source = NadbDriverManager.open(source());
        KeyValueStore copy = NadbDriverManager.open(copy());
        Mirror mirror = new Mirror(source, copy)) {
      for (int i = 0; i < 2; i++) { // Whatever expires meanwhile is swept in between.
        while (mirror.follow(Duration.ofMillis(500))) {
          source.cleanupExpired();
          source.flush();
        }
      }
      assertThat(content(copy)).as(when).isEqualTo(content(source));
    }
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> content = new TreeMap<>();
    for (String key : store.keys("")) {
      content.put(key, store.metadata(key).orElseThrow().tags() + " " + text(store, key));
    }
    return content;
  }

  private static Process start(Class<?> main, String... arguments) throws Exception {
    String[] command = new String[5 + arguments.length];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    command[1] = "-XX:TieredStopAtLevel=1";
    command[2] = "-cp";
    command[3] =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command[4] = main.getName();
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Waits until a process has said so many lines. */
  private static void await(Process process, int lines) throws Exception {
    BufferedReader said = process.inputReader(UTF_8);
    for (int n = 0; n < lines; n++) {
      assertThat(said.readLine()).as("it works").isNotNull();
    }
  }

  private static void kill(Process process) throws Exception {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }
}
