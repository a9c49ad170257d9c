package io.nadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the message of damage reads. */
class CorruptStoreExceptionTest {

  @ParameterizedTest
  @ValueSource(strings = {"a record is damaged", "it is another's: was the file renamed?"})
  void theProblemEndsTheSentenceWhateverItEndsWith(String problem) {
    CorruptStoreException thrown = new CorruptStoreException(Path.of("a.seg"), 40, problem);

    assertThat(thrown).hasMessage("a.seg, at offset 40: " + problem);
    assertThat(thrown.offset()).isEqualTo(40);
  }
}
