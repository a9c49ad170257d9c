package io.nadb.internal.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.nadb.testing.BrokenLogging;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** What is logged, and what becomes of what a back end throws. */
class LogbookTest {
  private final Logbook logbook = Logbook.of(LogbookTest.class);

  @Test
  void itLogsUnderTheNameOfItsClass() {
    List<String> logged = new ArrayList<>();
    Logger logger = Logger.getLogger(LogbookTest.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            logged.add(
                record.getLevel()
                    + " "
                    + new SimpleFormatter().formatMessage(record)
                    + " "
                    + record.getThrown());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      logbook.log(Level.INFO, "store {0} is {1}", "shop", "fine");
      logbook.log(Level.WARNING, "it {0} failed", new IllegalStateException("why"));
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(logged)
        .containsExactly(
            "INFO store shop is fine null",
            "WARNING it {0} failed java.lang.IllegalStateException: why");
  }

  @Test
  void whateverABackEndThrowsEndsHere() {
    try (BrokenLogging logging = new BrokenLogging(() -> new ThreadDeath())) {
      assertThatCode(() -> logbook.log(Level.INFO, "with {0}", "parameter"))
          .doesNotThrowAnyException();
      assertThatCode(() -> logbook.log(Level.INFO, "with a failure", new Exception("any")))
          .doesNotThrowAnyException();
      assertThat(logging.thrown()).isEqualTo(2);
    }
  }
}
