package io.nadb.internal.url;

import static io.nadb.internal.url.StandardOptions.COMMON;
import static io.nadb.internal.url.StandardOptions.DB;
import static io.nadb.internal.url.StandardOptions.FS;
import static io.nadb.internal.url.StandardOptions.NAME;
import static io.nadb.internal.url.StandardOptions.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nadb.OptionDescription;
import io.nadb.spi.Option;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardOptionsTest {

  @Test
  void theTableIsWhatTheDocumentationSays() {
    assertThat(FS.stream().map(option -> option.describe(null)).map(StandardOptionsTest::line))
        .containsExactly(
            "db: text = main",
            "namespace: text (at most 255b in UTF-8) = default",
            "buffer: size (1kb to 128mb) = 1mb",
            "flush: duration (1ms to 365d) or off = 5s",
            "sweep: duration (1ms to 365d) or off = 60s",
            "durability: buffered | written | synced = buffered",
            "write-timeout: duration (1ms to 1d) = 30s",
            "name: text ([A-Za-z0-9._-]{1,64}) = ",
            "shutdown: flush | discard | off = flush",
            "compression: none | zlib | zstd = none",
            "segment: size (64kb to 1gb) = 64mb",
            "metadata: none | sqlite = sqlite",
            "memory: size (0b to 1048576gb) or auto = auto",
            "access: write | read = write",
            "history: duration (1s to 3650d), size (64kb to 1048576gb), both, or off = off");
  }

  @Test
  void theCommonOptionsAreAllButThoseOfTheFileSystem() {
    HashSet<Option<?>> rest = new HashSet<>(FS);
    rest.removeAll(new HashSet<>(COMMON));
    assertThat(rest)
        .containsExactlyInAnyOrder(
            StandardOptions.COMPRESSION,
            StandardOptions.SEGMENT,
            StandardOptions.METADATA,
            StandardOptions.MEMORY,
            StandardOptions.ACCESS,
            StandardOptions.HISTORY);
  }

  @Test
  void everyDescriptionIsASentence() {
    assertThat(FS)
        .allSatisfy(o -> assertThat(o.describe(null).description()).matches("[A-Z].*\\."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "...", "a/b", "..\\..", "日本", " ", "C:"})
  void aDatabaseMayHaveAnyOtherName(String name) {
    assertThat(DB.parse(name)).isEqualTo(name);
  }

  @Test
  void aDatabaseNameIsNoPathOfItsOwn() {
    for (String name : new String[] {"", ".", ".."}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DB.parse(name))
          .withMessage("expected a name other than '', '.' and '..'");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DB.parse("a\0"))
        .withMessage("expected a name without NUL");
  }

  @Test
  void aNamespaceIsLimitedInBytes() {
    assertThat(NAMESPACE.parse("ü".repeat(127))).hasSize(127);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NAMESPACE.parse("ü".repeat(128)))
        .withMessage("it has 256 bytes in UTF-8, expected at most 255");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NAMESPACE.parse(""))
        .withMessage("expected at least one character");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NAMESPACE.parse("\uD800"))
        .withMessage("expected text without unpaired surrogates");
  }

  @Test
  void aStoreNameFitsIntoAnObjectName() {
    assertThat(NAME.parse("fs-data_1.2")).contains("fs-data_1.2");
    assertThat(NAME.parse(null)).isEmpty();
    for (String name : new String[] {"", "a b", "a,b", "x".repeat(65)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> NAME.parse(name));
    }
  }

  private static String line(OptionDescription option) {
    return option.name() + ": " + option.type() + " = " + option.defaultValue().orElse("");
  }
}
