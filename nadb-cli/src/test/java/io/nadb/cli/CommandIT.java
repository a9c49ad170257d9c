package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar and the script as processes of their own. */
class CommandIT {
  @TempDir private Path directory;

  /** What has come of a process. */
  private record Outcome(int exit, String out, String err) {}

  private Outcome run(List<String> command, byte[] input) throws Exception {
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(errors.toFile())
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), out, Files.readString(errors));
  }

  private Outcome jar(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("nadb.cli.jar")));
    command.addAll(List.of(arguments));
    return run(command, new byte[0]);
  }

  private Outcome script(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty("nadb.cli.script")));
    command.addAll(List.of(arguments));
    return run(command, new byte[0]);
  }

  @Test
  void theJarSetsAndGetsAndWritesNothingElse() throws Exception {
    assertThat(jar("set", "data", "k", "välue")).isEqualTo(new Outcome(0, "", ""));
    assertThat(jar("get", "data", "k")).isEqualTo(new Outcome(0, "välue", ""));
    assertThat(jar("sql", "data", "SELECT text(namespace, key) FROM entry", "--raw").out())
        .isEqualTo("välue\n");
    assertThat(jar("--version").out()).matches("nadb \\d+\\.\\d+.*\n");
    assertThat(jar("get", "data", "other").exit()).isEqualTo(1);
  }

  @Test
  void compressedStoresAreRead() throws Exception {
    String value = "zstd ".repeat(500);
    assertThat(jar("set", "nadb:fs:data?compression=zstd", "k", value))
        .isEqualTo(new Outcome(0, "", ""));
    assertThat(script("get", "data", "k").out()).isEqualTo(value);
  }

  @Test
  void aServerThatIsNotThereIsNotReached() throws Exception {
    Outcome outcome = script("get", "nadb:redis://app:hunter2@localhost:1", "k");

    assertThat(outcome.exit()).isEqualTo(ExitCode.CONNECTION.code());
    assertThat(outcome.err()).startsWith("nadb: ").doesNotContain("hunter2", "SLF4J", "\tat ");
  }

  @Test
  void whatThisProcessHasOpenIsReadAndShownAndNotWritten() throws Exception {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store =
            registry.open("nadb:fs:" + directory.resolve("data") + "?name=shop&flush=100ms")) {
      store.set("k", "v".getBytes(UTF_8));
      store.flush();

      assertThat(script("get", "data", "k").out()).isEqualTo("v");
      Outcome written = script("set", "data", "k", "w");
      assertThat(written.exit()).isEqualTo(ExitCode.LOCKED.code());
      assertThat(written.err()).contains("pid " + ProcessHandle.current().pid());
      Outcome top = script("top", "data", "--frames", "1");
      assertThat(top.exit()).as(top.err()).isZero();
      assertThat(top.out()).contains("STORE", "shop");
      Outcome live = script("stat", "data", "--live");
      assertThat(live.exit()).as(live.err()).isZero();
      assertThat(live.out()).contains("\"name\":\"shop\"", "\"flushCount\":");
    }
  }

  @Test
  void whatThisProcessMakesDurableIsWatched() throws Exception {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open("nadb:fs:" + directory.resolve("data"))) {
      store.set("before", "0".getBytes(UTF_8));
      store.flush();
      Process process =
          new ProcessBuilder(
                  System.getProperty("nadb.cli.script"),
                  "watch",
                  "data",
                  "--limit=1",
                  "--every=50ms",
                  "--json")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      for (int i = 0; process.isAlive(); i++) { // It begins with what comes next, whenever it does.
        store.set("k", Integer.toString(i).getBytes(UTF_8));
        store.flush();
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);

      assertThat(process.exitValue()).as(out).isZero();
      assertThat(out).contains("\"key\":\"k\"", "\"bookmark\":").doesNotContain("before");
    }
  }

  @Test
  void bashCompletesWhatItPrints() throws Exception {
    Outcome outcome =
        run(
            List.of(
                "bash",
                "-c",
                "eval \"$("
                    + System.getProperty("nadb.cli.script")
                    + " completion bash)\"; COMP_WORDS=(nadb ver); COMP_CWORD=1; _complete_nadb;"
                    + " echo \"${COMPREPLY[@]}\""),
            new byte[0]);

    assertThat(outcome.out()).as(outcome.err()).isEqualTo("verify\n");
  }
}
