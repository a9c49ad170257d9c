package io.nadb.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** What the agent says, to an application that must not suffer from it. */
class WarningsTest {

  @Test
  void aWarningIsSaidOnce() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Warnings warnings = new Warnings(new PrintStream(err, true, UTF_8));
    warnings.warn("can't watch", new IllegalStateException("why"));
    warnings.warn("can't watch", new IllegalStateException("why"));
    assertThat(err.toString(UTF_8).lines())
        .containsExactly(
            "nadb-agent: can't watch: java.lang.IllegalStateException: why; the application goes on"
                + " without");
  }

  @Test
  void aStreamThatThrowsIsNoConcernOfTheApplication() {
    Warnings warnings =
        new Warnings(
            new PrintStream(OutputStream.nullOutputStream(), false, UTF_8) {
              @Override
              public void println(String line) {
                throw new OutOfMemoryError("for the line");
              }
            });
    assertThatNoException().isThrownBy(() -> warnings.warn("can't watch", new Error("why")));
  }

  @Test
  void aFailureWithoutWordsIsNoConcernOfTheApplication() {
    Warnings warnings = new Warnings(System.err);
    Error wordless =
        new Error() {
          @Override
          public String getMessage() {
            throw new StackOverflowError("in its words");
          }
        };
    assertThatNoException().isThrownBy(() -> warnings.warn("can't watch", wordless));
  }
}
