package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.spi.StorageIo;
import io.nadb.spi.Write;
import io.nadb.testing.ManualTime;
import io.nadb.testing.MapCut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Format version 1, as it was when it was first written: a segment of then is written by the code
 * of now byte for byte, and read by it. Whoever has to change these files has changed the format.
 */
class GoldenSegmentTest {
  private static final long CREATED = Instant.parse("2029-05-06T07:08:09.010Z").toEpochMilli();
  private static final long UPDATED = Instant.parse("2029-11-12T13:14:15.016Z").toEpochMilli();
  private static final long PAST = Instant.parse("2029-12-31T23:59:59Z").toEpochMilli();
  private static final long FUTURE = Instant.parse("2031-01-02T03:04:05.006Z").toEpochMilli();
  private static final String TEXT = "compressible ".repeat(20);

  @TempDir Path directory;

  /** Collects the writes of a cut. */
  private static final class Cuts {
    private long sequence;
    private Map<String, Map<String, Write>> writes = new LinkedHashMap<>();

    void set(String namespace, String key, String value, long expiresAt, String... tags) {
      Set<String> tagSet = new LinkedHashSet<>(List.of(tags));
      Write write = Write.set(++sequence, utf8(value), tagSet, CREATED, false, UPDATED, expiresAt);
      put(namespace, key, write);
    }

    void setNew(String namespace, String key, String value) {
      put(
          namespace,
          key,
          Write.set(++sequence, utf8(value), Set.of(), UPDATED, true, UPDATED, Write.NEVER));
    }

    void delete(String namespace, String key) {
      put(namespace, key, Write.delete(++sequence, UPDATED));
    }

    private void put(String namespace, String key, Write write) {
      writes.computeIfAbsent(namespace, name -> new LinkedHashMap<>()).put(key, write);
    }

    MapCut next() {
      MapCut cut = new MapCut(sequence, writes);
      writes = new LinkedHashMap<>();
      return cut;
    }
  }

  private static byte[] golden(Codec codec) throws IOException {
    String name = "version1-" + codec + ".seg";
    try (InputStream in = GoldenSegmentTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  /** Writes the segment that the resources have. */
  private static byte[] write(Path folder, Codec codec) throws IOException {
    LogState state =
        new LogState(
            folder, new ContentSource(Long.MAX_VALUE), 0x0123456789abcdefL, 0xfedcba9876543210L);
    LogSettings settings = new LogSettings(1 << 16, codec, false, Long.MAX_VALUE);
    Log log = new Log(state, StorageIo.system(), settings, position -> {}, null, 0);
    Cuts cuts = new Cuts();
    cuts.set("default", "plain", "value", Write.NEVER);
    cuts.set("default", "empty", "", Write.NEVER);
    cuts.set("default", "tagged", "v", Write.NEVER, "größe", "b");
    cuts.set("default", "expires", "soon", FUTURE, "t");
    cuts.set("default", "expired", "gone", PAST, "t");
    cuts.set("default", "deleted", "gone", Write.NEVER);
    cuts.setNew("default", "schlüssel", "neu");
    cuts.set("default", "long", TEXT, FUTURE, "t");
    cuts.set("другое", "plain", "elsewhere", Write.NEVER);
    log.append(cuts.next(), true);
    cuts.setNew("default", "plain", "overwritten");
    cuts.delete("default", "deleted");
    log.append(cuts.next(), true);
    log.close();
    state.segments().forEach(segment -> segment.content().close());
    return Files.readAllBytes(LogFiles.segment(folder, 1));
  }

  @Test
  void theSegmentIsWrittenByteForByte() throws IOException {
    assertThat(write(directory, Codec.NONE)).isEqualTo(golden(Codec.NONE));
  }

  /** What a compressor makes of a value may change; that it can be read must not. */
  @ParameterizedTest
  @EnumSource
  void theSegmentIsReadAsItWasMeant(Codec codec) throws IOException {
    Path log = Files.createDirectories(directory.resolve("main/log"));
    Files.write(log.resolve("0000000001.seg"), golden(codec));
    String url = "nadb:fs:" + directory;
    try (StoreRegistry registry = StoreRegistry.create(new ManualTime())) {
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
