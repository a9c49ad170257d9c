package io.nadb.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.testkit.Check;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What is left of a test that fails, and nothing of one that passes. */
class DiagnosisTest {
  private static Path last = Path.of("");

  @TempDir private Path output;
  private @Nullable Engine engine;

  /** One directory for all that is published. */
  private record Output(Path root) implements OutputDirectoryCreator {

    @Override
    public Path getRootDirectory() {
      return root;
    }

    @Override
    public Path createOutputDirectory(TestDescriptor test) throws IOException {
      return Files.createDirectories(root.resolve("published"));
    }
  }

  private List<String> run(Class<?> testClass) {
    engine =
        Engine.run(
            EngineTestKit.engine("junit-jupiter").outputDirectoryCreator(new Output(output)),
            Map.of("nadb.test.seed", "7"),
            testClass);
    return engine().failures();
  }

  private Engine engine() {
    return Objects.requireNonNull(engine);
  }

  @AfterEach
  void deleteWhatWasKept() throws IOException {
    for (String kept : engine().published("nadb.kept")) {
      try (Stream<Path> files = Files.walk(Path.of(kept))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  static class Failing {
    @NadbStore private KeyValueStore store;

    @Test
    void fails(NadbHarness harness) {
      last = harness.directory();
      store.set("k", new byte[10]);
      throw new AssertionError("on purpose");
    }
  }

  @Test
  void aFailedTestKeepsItsDirectoryWithALedgerAndTellsHowToRunItAgain() {
    assertThat(run(Failing.class)).containsExactly("on purpose");

    assertThat(engine().published("nadb.kept")).containsExactly(last.toString());
    assertThat(engine().published("nadb.replay"))
        .containsExactly(
            "mvn test -Dtest='io.nadb.junit.DiagnosisTest$Failing#fails' -Dnadb.test.seed=7");
    assertThat(last.resolve("ledger.txt")).content().contains("#1 SET \"k\" (10 bytes)");
    assertThat(last.resolve("threads.txt")).content().contains("nadb-sync");
    assertThat(last.resolve("store-1/main/log")).isDirectory();
    assertThat(output.resolve("published/nadb/ledger.txt")).exists();
    assertThat(output.resolve("published/nadb/store-1/main/log/0000000001.seg")).exists();
  }

  static class FailingAfterwards {
    @NadbStore private KeyValueStore store;

    @Test
    void passes(NadbHarness harness) {
      last = harness.directory();
      store.set("k", new byte[10]);
    }

    @AfterEach
    void fails() {
      throw new AssertionError("afterwards");
    }
  }

  @Test
  void soDoesATestThatFailsInALifecycleMethod() {
    assertThat(run(FailingAfterwards.class)).containsExactly("afterwards");
    assertThat(engine().published("nadb.kept")).containsExactly(last.toString());
  }

  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class FailingClass {
    @NadbStore static KeyValueStore store;

    @BeforeAll
    static void begin(NadbHarness harness) {
      last = harness.directory();
    }

    @Test
    @Order(1)
    void fails() {
      throw new AssertionError("first");
    }

    @Test
    @Order(2)
    void passes() {
      store.set("k", new byte[10]);
    }
  }

  @Test
  void aStoreOfTheClassIsKeptWhenAnyOfItsTestsFails() {
    assertThat(run(FailingClass.class)).containsExactly("first");
    assertThat(engine().published("nadb.kept")).containsExactly(last.toString());
    assertThat(last).isDirectory();
  }

  static class Passing {
    @NadbStore private KeyValueStore store;

    @Test
    void passes(NadbHarness harness) {
      last = harness.directory();
      store.set("k", new byte[10]);
    }
  }

  @Test
  void aPassedTestLeavesNothing() {
    assertThat(run(Passing.class)).isEmpty();
    assertThat(engine().published("nadb.kept")).isEmpty();
    assertThat(last).doesNotExist();
    assertThat(output).isEmptyDirectory();
  }

  static class Never {
    @NadbStore(keep = Keep.NEVER)
    private KeyValueStore store;

    @Test
    void fails(@NadbStore(keep = Keep.NEVER) NadbHarness harness) {
      last = harness.directory();
      store.set("k", new byte[10]);
      throw new AssertionError("on purpose");
    }
  }

  static class Always {
    @NadbStore(keep = Keep.ALWAYS)
    private KeyValueStore store;

    @Test
    void passes(NadbHarness harness) {
      last = harness.directory();
      store.set("k", new byte[10]);
    }
  }

  @Test
  void whatIsKeptCanBeChosen() {
    assertThat(run(Never.class)).containsExactly("on purpose");
    assertThat(engine().published("nadb.kept")).isEmpty();
    assertThat(last).doesNotExist();

    assertThat(run(Always.class)).isEmpty();
    assertThat(engine().published("nadb.kept")).containsExactly(last.toString());
  }

  @ExtendWith(NadbExtension.class)
  static class Leaking {
    @Test
    void leaks(NadbHarness harness) {
      harness.registry().open("nadb:mem:forgotten");
    }
  }

  @Test
  void aLeakFailsTheTestAndKeepsItsDirectory() {
    NadbFailure.expectOne(run(Leaking.class), "leaked handle on nadb:mem:forgotten");
    assertThat(engine().published("nadb.kept")).hasSize(1);
  }

  static class LeakingStore {
    @NadbStore private KeyValueStore store;

    @Test
    void leaks(NadbHarness harness) {
      store.set("k", new byte[10]);
      harness.registry().open("nadb:mem:forgotten");
    }
  }

  @Test
  void aLeakBesideAnInjectedStoreKeepsTheDirectory() {
    NadbFailure.expectOne(run(LeakingStore.class), "leaked handle on nadb:mem:forgotten");
    assertThat(engine().published("nadb.problems"))
        .singleElement()
        .asString()
        .contains("leaked handle");
  }

  static class Unfired {
    @Test
    void fails(@NadbStore KeyValueStore store, NadbHarness harness) {
      harness.faults().on(Operation.SYNC).fail(new IOException("never"));
      assertThat(store.keys("")).isEmpty();
    }

    @Test
    void passes(
        @NadbStore(without = Check.UNFIRED_FAULTS) KeyValueStore store, NadbHarness harness) {
      harness.faults().on(Operation.SYNC).fail(new IOException("never"));
      assertThat(store.keys("")).isEmpty();
    }
  }

  @Test
  void aFaultThatNeverFiredFailsTheTestUnlessThatIsLeftUnchecked() {
    NadbFailure.expectOne(run(Unfired.class), "fault never fired: on SYNC: fail with");
    assertThat(engine().results().testEvents().succeeded().count()).isEqualTo(1);
  }

  /** One failure that says something. */
  private static final class NadbFailure {
    static void expectOne(List<String> failures, String part) {
      assertThat(failures).singleElement().asString().contains(part);
    }
  }
}
