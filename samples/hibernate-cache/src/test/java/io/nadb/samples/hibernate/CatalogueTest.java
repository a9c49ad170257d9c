package io.nadb.samples.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Is my second-level cache warm when the application starts again? */
class CatalogueTest {
  @TempDir private Path directory;

  @Test
  void whatWasReadBeforeIsNotAskedOfTheDatabaseAgain() {
    try (Catalogue catalogue = Catalogue.open(directory)) {
      catalogue.add("1", "Sense");
      catalogue.add("2", "Emma");
      catalogue.rename("1", "Persuasion");
      assertThat(catalogue.title("1")).isEqualTo("Persuasion");
      assertThat(catalogue.title("2")).isEqualTo("Emma");
    }

    try (Catalogue catalogue = Catalogue.open(directory)) {
      assertThat(catalogue.title("1")).isEqualTo("Persuasion");
      assertThat(catalogue.title("2")).isEqualTo("Emma");
      assertThat(catalogue.statements()).isZero();
    }
  }
}
