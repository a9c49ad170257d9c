package io.nadb.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageSectionTest {
  private static final String PAGE = "a\n<!-- run -->\nold\n<!-- /run -->\nb\n";

  @Test
  void aCommandReplacesWhatItHasWrittenAndNothingElse() {
    assertThat(PageSection.replace(PAGE, "run", "new\n"))
        .isEqualTo("a\n<!-- run -->\nnew\n<!-- /run -->\nb\n");
  }

  @Test
  void aPageWithoutAPlaceForItIsLeftAlone() {
    assertThatThrownBy(() -> PageSection.replace(PAGE, "other", "new\n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other");
  }
}
