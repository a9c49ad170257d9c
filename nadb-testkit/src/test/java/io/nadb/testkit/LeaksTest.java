package io.nadb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a test leaves open is found, with the place where it was opened. */
class LeaksTest {

  @Test
  void nothingIsLeftOfACleanTest() {
    NadbHarness harness = NadbHarness.create();
    harness.store().set("k", new byte[10]);
    harness.fresh().store();
    Path directory = harness.directory();
    harness.registry().open("nadb:fs:" + directory.resolve("own")).close();

    assertThat(harness.check()).isEmpty();
    harness.close();
    assertThat(directory).doesNotExist();
  }

  @Test
  void aHandleThatCodeUnderTestLeftOpenIsFound() {
    NadbHarness harness = NadbHarness.create();
    harness.registry().open("nadb:mem:forgotten");

    assertThatThrownBy(harness::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("leaked handle on nadb:mem:forgotten, opened here")
        .hasMessageContaining("aHandleThatCodeUnderTestLeftOpenIsFound");
    assertThat(harness.directory()).doesNotExist();
  }

  @Test
  void aHandleOfACrashedProcessIsNoLeak() {
    try (NadbHarness harness = NadbHarness.create()) {
      harness.registry().open(harness.url());
      harness.crash(Crash.PROCESS_KILL);
      assertThat(harness.check()).isEmpty();
    }
  }

  @Test
  void aFileThatWasLeftOpenIsFound() throws Exception {
    NadbHarness harness = NadbHarness.create();
    Path file = harness.directory().resolve("file");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(1);
      assertThat(harness.check()).containsExactly("leaked file descriptor of " + file);
    }
    assertThatThrownBy(harness::close).isInstanceOf(AssertionError.class);
  }

  @Test
  void aThreadThatDidNotEndIsFound() {
    NadbHarness harness = NadbHarness.create();
    harness.time().newAlarm("left-alone");

    assertThat(harness.check()).containsExactly("leaked thread left-alone");
    assertThatThrownBy(harness::close).isInstanceOf(AssertionError.class);
  }

  @Test
  void leaksCanBeLeftUnchecked() {
    try (NadbHarness harness = NadbHarness.create(HarnessSettings.DEFAULT.without(Check.LEAKS))) {
      harness.registry().open("nadb:mem:forgotten");
    }
  }

  @Test
  void aKeptDirectoryHasTheLedgerAndTheThreads() {
    NadbHarness harness = NadbHarness.create();
    harness.store().set("k", new byte[10]);
    Path kept = harness.keep();
    harness.close();

    assertThat(kept.resolve("ledger.txt")).content().contains("#1 SET \"k\"");
    assertThat(kept.resolve("threads.txt")).content().contains("nadb-sync");
    Directories.delete(kept);
  }
}
