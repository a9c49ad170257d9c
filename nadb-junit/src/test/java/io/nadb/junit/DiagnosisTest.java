package io.nadb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.nadb.KeyValueStore;
import io.nadb.testkit.Check;
import io.nadb.testkit.Faults;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
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
  @TempDir private Path kept;
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
            Map.of("nadb.test.seed", "7", "nadb.test.kept", kept.toString()),
            testClass);
    return engine().failures();
  }

  private Engine engine() {
    return Objects.requireNonNull(engine);
  }

  /** The directory of the one test that is kept; empty if there is none. */
  private Optional<Path> keptOne() throws IOException {
    try (Stream<Path> all = Files.list(kept)) {
      List<Path> found = all.toList();
      assertThat(found).hasSizeLessThanOrEqualTo(1);
      assertThat(engine().published("nadb.kept"))
          .isEqualTo(found.stream().map(Path::toString).toList());
      return found.stream().findFirst();
    }
  }

  static class Failing {
    static long seed;
    static boolean passes;
    @NadbStore private KeyValueStore store;

    @Test
    void fails(NadbHarness harness) {
      assumeFalse(passes);
      last = harness.directory();
      seed = harness.seed();
      store.set("k", new byte[10]);
      throw new AssertionError("on purpose");
    }
  }

  @Test
  void aFailedTestKeepsItsDirectoryWithALedgerAndTellsHowToRunItAgain() throws IOException {
    assertThat(run(Failing.class)).containsExactly("on purpose");

    Path here = keptOne().orElseThrow();
    assertThat(here.getFileName().toString())
        .startsWith("io.nadb.junit.DiagnosisTest$Failing.fails-");
    assertThat(last).as("the directory of the test itself").doesNotExist();
    assertThat(engine().published("nadb.replay"))
        .containsExactly(
            "mvn test -Dtest='io.nadb.junit.DiagnosisTest$Failing#fails' -Dnadb.test.seed=7");
    assertThat(here.resolve("ledger.txt")).content().contains("#1 SET \"k\" (10 bytes)");
    assertThat(here.resolve("threads.txt")).content().contains("nadb-sync");
    assertThat(here.resolve("seed.txt")).content().isEqualTo(Failing.seed + "\n");
    assertThat(here.resolve("replay.txt")).content().contains("-Dnadb.test.seed=7");
    assertThat(here.resolve("store-1/main/log")).isDirectory();
    assertThat(output.resolve("published/nadb/ledger.txt")).exists();
    assertThat(output.resolve("published/nadb/store-1/main/log/0000000001.seg")).exists();
  }

  /** What belongs to the failure of a test, where every build tool shows it. */
  private static void expectNote(Throwable failure, Path kept, String test) {
    assertThat(failure.getSuppressed())
        .singleElement()
        .asString()
        .isEqualTo(
            "NADB: the stores are kept, with ledger.txt, seed.txt and threads.txt, in "
                + kept
                + "\n  run it again: mvn test -Dtest='io.nadb.junit.DiagnosisTest$"
                + test
                + "' -Dnadb.test.seed=7");
  }

  @Test
  void theFailureItselfTellsWhereToLookSinceReportEntriesReachNobody() throws IOException {
    run(Failing.class);
    expectNote(engine().throwables().get(0), keptOne().orElseThrow(), "Failing#fails");
  }

  @Test
  void runningAgainReplacesWhatWasKeptAndOneThatPassesTakesItAway() throws IOException {
    run(Failing.class);
    Path first = keptOne().orElseThrow();
    Files.createFile(first.resolve("old"));
    run(Failing.class);
    assertThat(keptOne()).hasValue(first);
    assertThat(first.resolve("old")).doesNotExist();
    assertThat(output.resolve("published/nadb/ledger.txt")).exists();

    Failing.passes = true;
    run(Failing.class);
    Failing.passes = false;
    assertThat(keptOne()).isEmpty();
  }

  @Test
  void whatIsKeptDoesNotPileUp() throws IOException {
    for (int i = 0; i < 150; i++) {
      Files.setLastModifiedTime(
          Files.createDirectory(kept.resolve("old" + i)), FileTime.fromMillis(i));
    }
    run(Failing.class);
    try (Stream<Path> all = Files.list(kept)) {
      assertThat(all)
          .hasSize(100)
          .contains(Path.of(engine().published("nadb.kept").get(0)), kept.resolve("old149"))
          .doesNotContain(kept.resolve("old50"));
    }
  }

  static class Dynamic {
    @NadbStore private KeyValueStore store;

    @TestFactory
    Stream<DynamicTest> factory() {
      store.set("k", new byte[10]);
      return Stream.of(
          DynamicTest.dynamicTest(
              "fails",
              () -> {
                throw new AssertionError("on purpose");
              }));
    }
  }

  @Test
  void soDoesADynamicTest() throws IOException {
    assertThat(run(Dynamic.class)).containsExactly("on purpose");
    assertThat(keptOne().orElseThrow().resolve("ledger.txt")).isRegularFile();
    assertThat(engine().throwables().get(0).getSuppressed())
        .singleElement()
        .asString()
        .contains("when all that use them are over, the stores are kept in " + keptOne().get());
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
  void soDoesATestThatFailsInALifecycleMethod() throws IOException {
    assertThat(run(FailingAfterwards.class)).containsExactly("afterwards");
    expectNote(engine().throwables().get(0), keptOne().orElseThrow(), "FailingAfterwards#passes");
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
  void aStoreOfTheClassIsKeptWhenAnyOfItsTestsFails() throws IOException {
    assertThat(run(FailingClass.class)).containsExactly("first");
    Path here = keptOne().orElseThrow();
    assertThat(here.resolve("ledger.txt")).content().contains("SET \"k\"");
    assertThat(engine().throwables().get(0).getSuppressed())
        .singleElement()
        .asString()
        .contains("when all that use them are over, the stores are kept in " + here);
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
  void whatIsKeptCanBeChosen() throws IOException {
    assertThat(run(Never.class)).containsExactly("on purpose");
    assertThat(engine().published("nadb.kept")).isEmpty();
    assertThat(last).doesNotExist();

    assertThat(run(Always.class)).isEmpty();
    assertThat(keptOne()).isPresent();
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
        @NadbStore(lenient = Check.UNFIRED_FAULTS) KeyValueStore store, NadbHarness harness) {
      harness.faults().on(Operation.SYNC).fail(new IOException("never"));
      assertThat(store.keys("")).isEmpty();
    }
  }

  @Test
  void aFaultThatNeverFiredFailsTheTestUnlessThatIsLeftUnchecked() {
    NadbFailure.expectOne(run(Unfired.class), "fault never fired: on SYNC: fail with");
    assertThat(engine().results().testEvents().succeeded().count()).isEqualTo(1);
  }

  static class LenientAnywhere {
    @NadbStore private KeyValueStore first;

    @NadbStore(lenient = Check.LEAKS)
    private KeyValueStore second;

    @Test
    void leaks(NadbHarness harness) {
      assertThat(first).isNotSameAs(second);
      harness.registry().open("nadb:mem:forgotten");
      harness.fresh().registry().open("nadb:mem:forgotten");
    }

    @Test
    void leaksAgain(NadbHarness harness, @NadbStore(lenient = Check.UNFIRED_FAULTS) Faults faults) {
      faults.on(Operation.DELETE).fail(new IOException("never"));
      harness.registry().open("nadb:mem:forgotten");
    }
  }

  @Test
  void whatIsLeftUncheckedMayBeSaidOfAnyOfTheStores() {
    assertThat(run(LenientAnywhere.class)).isEmpty();
  }

  /** One failure that says something. */
  private static final class NadbFailure {
    static void expectOne(List<String> failures, String part) {
      assertThat(failures).singleElement().asString().contains(part);
    }
  }
}
