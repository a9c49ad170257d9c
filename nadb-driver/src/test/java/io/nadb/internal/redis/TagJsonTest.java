package io.nadb.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagJsonTest {

  @Test
  void tagsAreAJsonArray() {
    assertThat(TagJson.write(new LinkedHashSet<>(List.of("web", "a b", "ä"))))
        .isEqualTo("[\"a b\",\"web\",\"ä\"]");
    assertThat(TagJson.write(Set.of())).isEmpty();
  }

  @Test
  void anyTagIsReadAsItWasWritten() {
    Set<String> tags =
        new LinkedHashSet<>(
            List.of("\"", "\\", "\\u0041", "a\",\"b", "[", "]", "\n", "\0", "\u007f", "😀", "/"));

    assertThat(TagJson.read(TagJson.write(tags))).isEqualTo(tags);
    assertThat(TagJson.read("")).isEmpty();
  }

  @Test
  void whatAnotherProgramWritesIsReadToo() {
    assertThat(TagJson.read(" [ \"a\" , \"b\\/\\b\\f\\n\\r\\t\\u00e4\" ] "))
        .containsExactly("a", "b/\b\f\n\r\tä");
    assertThat(TagJson.read("[]")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web",
        "[",
        "[web]",
        "[\"web]",
        "[\"web\"",
        "[\"web\",]",
        "[\"web\"]x",
        "{}",
        "[1]",
        "[\"\\x\"]",
        "[\"\\u00g0\"]",
        "[\"\\u00",
        "[\"a\" \"b\"]",
        "null",
        " "
      })
  void anythingElseIsRefused(String text) {
    assertThat(TagJson.read(text)).isNull();
  }
}
