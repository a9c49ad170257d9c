package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.StoreRegistry;
import io.nadb.testkit.NadbHarness;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is shown while long work goes on. */
class ProgressBarTest {
  private static final long MB = 1 << 20;

  private final NadbHarness harness = NadbHarness.create();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    harness.close();
  }

  private ProgressBar bar(Screen screen) {
    StoreRegistry registry = harness.registry();
    return ProgressBar.begin(
        new Environment(
            InputStream.nullInputStream(),
            new PrintStream(new ByteArrayOutputStream(), false, UTF_8),
            new PrintStream(err, false, UTF_8),
            screen,
            registry,
            harness.time(),
            ZoneOffset.UTC,
            Optional.empty()),
        "backup");
  }

  private record Terminal(int columns) implements Screen {
    @Override
    public boolean isInput() {
      return true;
    }

    @Override
    public boolean isOutput() {
      return false;
    }

    @Override
    public boolean isErrors() {
      return true;
    }
  }

  @Test
  void shareAmountRateAndTimeLeftAreShown() {
    try (ProgressBar bar = bar(new Terminal(100))) {
      harness.time().advance(Duration.ofSeconds(2));
      bar.progressed(50 * MB, 200 * MB);

      assertThat(err.toString(UTF_8))
          .isEqualTo("\rbackup █████░░░░░░░░░░░░░░░  25%  50 MB of 200 MB, 25 MB/s, 6 s left");
      err.reset();
    }
    assertThat(err.toString(UTF_8)).as("at its end").matches("\r +\r");
  }

  @Test
  void itIsDrawnAFewTimesASecondAtMost() {
    try (ProgressBar bar = bar(new Terminal(100))) {
      for (int i = 1; i <= 1000; i++) {
        harness.time().advance(Duration.ofMillis(1));
        bar.progressed(i * MB, 1000 * MB);
      }
      assertThat(err.toString(UTF_8).split("\r", -1)).hasSizeBetween(4, 7);
    }
  }

  @Test
  void itFitsIntoTheLine() {
    try (ProgressBar bar = bar(new Terminal(40))) {
      harness.time().advance(Duration.ofSeconds(2));
      bar.progressed(50 * MB, 200 * MB);

      assertThat(err.toString(UTF_8)).hasSizeLessThanOrEqualTo(40);
    }
  }

  @Test
  void nobodyLooksAndNothingIsDrawn() {
    try (ProgressBar bar = bar(Screen.NONE)) {
      harness.time().advance(Duration.ofSeconds(2));
      bar.progressed(50 * MB, 200 * MB);
    }
    assertThat(err.toString(UTF_8)).isEmpty();
  }
}
