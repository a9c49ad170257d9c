package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.internal.codec.Codec;
import io.nadb.spi.Write;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Format version 1, as it was when it was first written, with each way to compress values: a
 * segment of then is read by the code of now.
 */
class GoldenSegmentTest {
  private static final long CREATED = Instant.parse("2029-05-06T07:08:09.010Z").toEpochMilli();
  private static final long UPDATED = Instant.parse("2029-11-12T13:14:15.016Z").toEpochMilli();
  private static final long FUTURE = Instant.parse("2031-01-02T03:04:05.006Z").toEpochMilli();
  private static final String TEXT = "compressible ".repeat(20);

  @TempDir Path directory;

  private static byte[] golden(Codec codec) throws IOException {
    String name = "version1-" + codec + ".seg";
    try (InputStream in = GoldenSegmentTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSegmentIsReadAsItWasMeant(Codec codec) throws IOException {
    Path log = Files.createDirectories(directory.resolve("main/log"));
    Files.write(log.resolve("0000000001.seg"), golden(codec));
    String url = "nadb:fs:" + directory;
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
      KeyValueStore store = registry.open(url);
      assertThat(store.keys(""))
          .containsExactly("empty", "expires", "long", "plain", "schlüssel", "tagged");
      check(store, "plain", "overwritten", CREATED, Write.NEVER);
      check(store, "empty", "", CREATED, Write.NEVER);
      check(store, "tagged", "v", CREATED, Write.NEVER, "größe", "b");
      check(store, "expires", "soon", CREATED, FUTURE, "t");
      check(store, "schlüssel", "neu", UPDATED, Write.NEVER);
      check(store, "long", TEXT, CREATED, FUTURE, "t");
      assertThat(store.get("expired")).isEmpty();
      assertThat(store.get("deleted")).isEmpty();
      assertThat(store.tags()).isEqualTo(Map.of("größe", 1L, "b", 1L, "t", 2L));
      assertThat(store.durableSequence()).isEqualTo(11);
      KeyValueStore other = registry.open(url + "?namespace=другое");
      assertThat(other.keys("")).containsExactly("plain");
      check(other, "plain", "elsewhere", CREATED, Write.NEVER);
    }
  }

  private static void check(
      KeyValueStore store, String key, String value, long created, long expires, String... tags) {
    assertThat(store.get(key)).hasValue(utf8(value));
    assertThat(store.metadata(key))
        .contains(
            new EntryMetadata(
                key,
                utf8(value).length,
                Instant.ofEpochMilli(created),
                Instant.ofEpochMilli(UPDATED),
                expires == Write.NEVER
                    ? Optional.empty()
                    : Optional.of(Instant.ofEpochMilli(expires)),
                Set.of(tags)));
  }
}
