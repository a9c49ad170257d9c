package io.nadb.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.testing.ChildJvm;
import io.nadb.testing.Strace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Makes the operating system refuse single calls of a real process, seen from outside: no
 * acknowledged flush is lost, errors are those that are documented, and the same process can use
 * the directory again at once.
 */
class FailingCallIT {
  /** Every so many calls one is tried; with 1, all are, which takes minutes. */
  private static final int STRIDE = Integer.getInteger("nadb.strace.stride", 12);

  private static final int MAX_CALLS = 400;

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "fsync, EIO",
    "ftruncate, EIO",
    "rename, EIO",
    "write, ENOSPC",
    "openat, EIO",
    "close, EIO"
  })
  void whicheverCallFailsTheStoreDoesNotLie(String call, String error) throws Exception {
    Strace.assumeUsable();
    int tried = 0;
    for (int number = 1 + call.length() % STRIDE % 3; number < MAX_CALLS; number += STRIDE) {
      Path directory = Files.createDirectory(temp.toRealPath().resolve("store" + number));
      Path log = temp.resolve("calls");
      List<String> launcher = Strace.failing(call, error, number, paths(directory), log);
      String outcome;
      try (ChildJvm child =
          ChildJvm.start(
              launcher,
              FailingCallChild.class,
              "nadb:fs:" + directory + "?segment=64kb&flush=off")) {
        outcome = child.line();
        child.exitCode();
      }
      assertThat(outcome).as("call %s of %s ended with %s", number, call, error).isEqualTo("right");
      if (!Files.readString(log).contains("(INJECTED)")) {
        break;
      }
      tried++;
    }
    assertThat(tried).as("calls of %s that failed", call).isPositive();
  }

  /** The directories and files of a store, as strace must have them named. */
  private static List<Path> paths(Path directory) throws IOException {
    Path main = directory.resolve("main");
    List<Path> paths = new ArrayList<>(List.of(directory, main, main.resolve("log")));
    for (int ordinal = 1; ordinal <= 9; ordinal++) {
      for (String suffix : List.of(".seg", ".seg.new", ".seg.compact", ".hint")) {
        paths.add(main.resolve("log/000000000" + ordinal + suffix));
      }
    }
    return paths;
  }
}
