package io.nadb.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prometheus' own tool finds nothing to complain about in an exposition. */
class PromtoolIT {
  private static final boolean REQUIRED =
      List.of(System.getProperty("nadb.test.require", "").split(" *, *")).contains("promtool");

  @Test
  void thereIsNothingToComplainAbout() throws Exception {
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(REQUIRED, "there is no promtool on the PATH");
      throw e;
    }
    try (OutputStream in = promtool.getOutputStream()) {
      in.write(Expositions.full().getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }
}
