package io.nadb.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.core.SpringVersion;

/** These tests run with the Spring that the build is about, here and in {@code compatibility}. */
class VersionTest {

  @Test
  void springIsTheVersionThatTheBuildMeans() {
    assertThat(SpringVersion.getVersion()).isEqualTo(System.getProperty("expected.spring"));
  }
}
