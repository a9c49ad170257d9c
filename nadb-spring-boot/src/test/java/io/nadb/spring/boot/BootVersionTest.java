package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

/** These tests run with the Boot that the build is about, here and in {@code compatibility}. */
class BootVersionTest {

  @Test
  void bootIsTheVersionThatTheBuildMeans() {
    assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("expected.boot"));
  }
}
