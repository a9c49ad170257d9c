package io.nadb.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void theLatestProfileOfEachTrialIsOnThePage() throws IOException {
    Profiles profiles = new Profiles(directory);
    assertThat(profiles.section()).isEmpty();
    profiles.keep("Random get, 1 M keys: nadb", "1 samples\n  old\n");
    profiles.keep("Random get, 1 M keys: nadb", "2 samples\n  new\n");
    profiles.keep("Opening, killed, 1 M keys: nadb", "3 samples\n");

    assertThat(new Profiles(directory).section())
        .contains(
            "### Opening, killed, 1 M keys: nadb\n\n```\n3 samples\n```\n\n",
            "### Random get, 1 M keys: nadb\n\n```\n2 samples\n  new\n```\n")
        .doesNotContain("old");
  }
}
