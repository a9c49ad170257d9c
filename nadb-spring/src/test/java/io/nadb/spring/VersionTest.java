package io.nadb.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.core.SpringVersion;
import org.springframework.session.SessionRepository;

/**
 * These tests run with the Spring and the Spring Session that the build is about, here and in
 * {@code compatibility}.
 */
class VersionTest {

  @Test
  void springIsTheVersionThatTheBuildMeans() {
    assertThat(SpringVersion.getVersion()).isEqualTo(System.getProperty("expected.spring"));
  }

  @Test
  void springSessionIsTheVersionThatTheBuildMeans() {
    assertThat(SessionRepository.class.getPackage().getImplementationVersion())
        .isEqualTo(System.getProperty("expected.session"));
  }
}
