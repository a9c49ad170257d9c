package io.nadb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs test classes, and tells what came of them. */
record Engine(EngineExecutionResults results) {

  static Engine run(Class<?> testClass) {
    return run(Map.of(), testClass);
  }

  static Engine run(Map<String, String> parameters, Class<?>... testClasses) {
    return run(EngineTestKit.engine("junit-jupiter"), parameters, testClasses);
  }

  static Engine run(
      EngineTestKit.Builder builder, Map<String, String> parameters, Class<?>... testClasses) {
    for (Class<?> testClass : testClasses) {
      builder.selectors(selectClass(testClass));
    }
    return new Engine(
        builder
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
            .configurationParameters(parameters)
            .execute());
  }

  /** All of so many tests pass. */
  Engine expectPassed(int count) {
    assertThat(failures()).isEmpty();
    assertThat(results.testEvents().succeeded().count()).isEqualTo(count);
    return this;
  }

  /** What failed tests and containers say. */
  List<String> failures() {
    return throwables().stream().map(Engine::text).toList();
  }

  /** What failed tests and containers throw. */
  List<Throwable> throwables() {
    List<Throwable> failures = new ArrayList<>();
    results.allEvents().finished().stream()
        .map(event -> event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class))
        .filter(result -> result.getStatus() == Status.FAILED)
        .forEach(result -> failures.add(result.getThrowable().orElseThrow()));
    return failures;
  }

  private static String text(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage() + (cause == null ? "" : ", " + text(cause));
  }

  /** What was published under a key. */
  List<String> published(String key) {
    return results.allEvents().reportingEntryPublished().stream()
        .map(Event::getPayload)
        .flatMap(payload -> payload.stream())
        .map(ReportEntry.class::cast)
        .flatMap(entry -> entry.getKeyValuePairs().entrySet().stream())
        .filter(pair -> pair.getKey().equals(key))
        .map(Map.Entry::getValue)
        .toList();
  }
}
