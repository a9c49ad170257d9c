package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.NadbDriverManager;
import io.nadb.StoreLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class NadbFailureAnalyzerTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(NadbAutoConfiguration.class));

  @Test
  void whatIsWrongWithAUrlIsShownWithWhereToMendIt() {
    runner
        .withPropertyValues("nadb.url=nadb:fs:./data?flush=5q")
        .run(
            context -> {
              FailureAnalysis shown = analyze(context.getStartupFailure());
              assertThat(shown.getDescription()).contains("flush=5q");
              assertThat(shown.getAction()).contains("nadb.url");
            });
  }

  @Test
  void aStoreThatSomebodyElseHasOpenIsShownAsSuch(@TempDir Path directory) {
    String url = "nadb:fs:" + directory.resolve("data");
    try (AutoCloseable held = NadbDriverManager.open(url)) {
      assertThat(held).isNotNull();
      runner
          .withPropertyValues("nadb.url=" + url)
          .run(
              context -> {
                FailureAnalysis shown = analyze(context.getStartupFailure());
                assertThat(shown.getCause()).isInstanceOf(StoreLockedException.class);
                assertThat(shown.getAction()).contains("nadb:redis:");
              });
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void bootFindsTheAnalyzer() throws IOException {
    assertThat(Files.readString(Path.of("src/main/resources/META-INF/spring.factories")))
        .contains(FailureAnalyzer.class.getName() + "=" + NadbFailureAnalyzer.class.getName());
  }

  @Test
  void whatIsNotNadbsIsLeftToOthers() {
    assertThat(new NadbFailureAnalyzer().analyze(new IllegalStateException("other"))).isNull();
  }

  private static FailureAnalysis analyze(@Nullable Throwable startup) {
    Throwable failure = Objects.requireNonNull(startup, "the context has started");
    return Objects.requireNonNull(new NadbFailureAnalyzer().analyze(failure), "no analysis");
  }
}
