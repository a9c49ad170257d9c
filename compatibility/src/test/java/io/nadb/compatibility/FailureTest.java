package io.nadb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.KeyValueStore;
import io.nadb.junit.Keep;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.NadbHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What a failed test leaves, and that others leave nothing. */
class FailureTest {
  private static Path last = Path.of("");

  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Case {
    @NadbStore(keep = Keep.NEVER)
    private KeyValueStore store;

    @Test
    @Order(1)
    void passes(@NadbStore(keep = Keep.NEVER) NadbHarness harness) {
      last = harness.directory();
      store.set("k", new byte[1]);
    }

    @Test
    @Order(2)
    void fails() {
      assertThat(Files.exists(last)).as("the directory of the test before").isFalse();
      throw new AssertionError("on purpose");
    }

    @Test
    @Order(3)
    void leaks(@NadbStore NadbHarness harness) {
      harness.registry().open("nadb:mem:forgotten");
    }
  }

  private static final class Listener implements TestExecutionListener {
    private final List<String> failures = new ArrayList<>();
    private final Map<String, String> published = new TreeMap<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      result.getThrowable().ifPresent(failure -> failures.add(failure.getMessage()));
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
      published.putAll(entry.getKeyValuePairs());
    }
  }

  @Test
  void failuresAreReportedAndWhatIsKeptIsPublished() throws IOException {
    Listener listener = new Listener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Case.class)).build(),
            listener);

    assertThat(listener.failures).hasSize(2);
    assertThat(listener.failures.get(0)).isEqualTo("on purpose");
    assertThat(listener.failures.get(1)).startsWith("leaked handle on nadb:mem:forgotten");
    assertThat(listener.published).containsKeys("nadb.kept", "nadb.problems", "nadb.replay");
    assertThat(listener.published.get("nadb.replay")).contains("FailureTest$Case#leaks");
    Path kept = Path.of(listener.published.getOrDefault("nadb.kept", ""));
    assertThat(kept.resolve("ledger.txt")).isRegularFile();
    delete(kept);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
