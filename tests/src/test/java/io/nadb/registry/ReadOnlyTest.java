package io.nadb.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is opened with access=read, while somebody else has it open. */
class ReadOnlyTest {
  private static final int KEYS = 2000;

  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry writers = StoreRegistry.create(time);
  private final StoreRegistry readers = StoreRegistry.create(time);

  @AfterEach
  void close() {
    readers.close();
    writers.close();
  }

  private KeyValueStore writer() {
    return writers.open("nadb:fs:" + temp.resolve("data") + "?flush=off&segment=64kb&sweep=1s");
  }

  private KeyValueStore reader(String more) {
    return readers.open("nadb:fs:" + temp.resolve("data") + "?access=read" + more);
  }

  private KeyValueStore reader() {
    return reader("");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void setAll(KeyValueStore store, String value) {
    Map<String, byte[]> entries =
        IntStream.range(0, KEYS)
            .boxed()
            .collect(Collectors.toMap(i -> "key" + i, i -> bytes(value)));
    store.setAll(entries, SetOptions.tags(value));
    store.flush();
  }

  private static void assertAll(KeyValueStore store, String value) {
    assertThat(store.size()).isEqualTo(KEYS);
    assertThat(store.queryByTags(value)).hasSize(KEYS);
    for (int i = 0; i < KEYS; i++) {
      assertThat(store.get("key" + i)).as("key%s", i).hasValue(bytes(value));
    }
  }

  /** All files with their contents and times. */
  private Map<String, String> files() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(temp)) {
      for (Path path : all.toList()) {
        String content =
            Files.isRegularFile(path)
                ? Integer.toString(ByteBuffer.wrap(Files.readAllBytes(path)).hashCode())
                : "";
        found.put(path.toString(), Files.getLastModifiedTime(path) + " " + content);
      }
    }
    return found;
  }

  @Test
  void itShowsWhatHasBeenFlushedAndAfterARefreshWhatHasBeenSince() {
    KeyValueStore writer = writer();
    writer.set("a", bytes("1"), SetOptions.tags("t"));
    writer.flush();
    writer.set("b", bytes("2"));

    KeyValueStore reader = reader();
    assertThat(reader.keys("")).containsExactly("a");
    assertThat(reader.get("a")).hasValue(bytes("1"));
    assertThat(reader.durableSequence()).isEqualTo(1);
    assertThat(reader.refresh()).isEqualTo(1);
    assertThat(reader.contains("b")).isFalse();

    writer.delete("a");
    writer.flush();
    assertThat(reader.contains("a")).isTrue();
    assertThat(reader.refresh()).isEqualTo(3);
    assertThat(reader.keys("")).containsExactly("b");
    assertThat(reader.queryByTags("t")).isEmpty();
    assertThat(reader.durableSequence()).isEqualTo(3);
    assertThat(reader.stats().sequence()).isEqualTo(3);
    assertThat(reader.stats().keys()).isEqualTo(1);
  }

  @Test
  void aStoreThatIsWrittenHereShowsAllThatWasWrittenAnyway() {
    KeyValueStore writer = writer();
    writer.set("a", bytes("1"));

    assertThat(writer.refresh()).isEqualTo(1);
    assertThat(writer.durableSequence()).isZero();
  }

  @Test
  void itRefusesWhateverWouldWriteAndSaysWhy() {
    writer().set("a", bytes("1"));
    writers.close();
    KeyValueStore reader = reader();
    List<Consumer<KeyValueStore>> writes =
        List.of(
            store -> store.set("a", bytes("2")),
            store -> store.set("a", bytes("2"), SetOptions.none().keepingTags()),
            store -> store.setIfAbsent("b", bytes("2")),
            store -> store.setIfPresent("b", bytes("2"), SetOptions.none()),
            store -> store.setAll(Map.of("b", bytes("2"))),
            store -> store.replace("a", bytes("1"), bytes("2")),
            store -> store.getAndSet("a", bytes("2"), SetOptions.none()),
            store -> store.compute("a", before -> before),
            store -> store.increment("n", 1),
            store -> store.touch("none", Duration.ofSeconds(1)),
            store -> store.delete("none"),
            store -> store.delete("a", bytes("1")),
            store -> store.getAndDelete("a"),
            store -> store.clear(),
            store -> store.cleanupExpired(),
            store -> store.begin().close(),
            store -> store.transaction(transaction -> 1),
            store -> store.onRemoval(removal -> {}).close());

    for (Consumer<KeyValueStore> write : writes) {
      assertThatThrownBy(() -> write.accept(reader))
          .isExactlyInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("main is open for reading only (access=read)");
    }
    reader.flush();
    assertThat(reader.get("a")).hasValue(bytes("1"));
    assertThat(reader.stats().sequence()).isEqualTo(1);
  }

  @Test
  void itSaysWhatItIs() {
    writer();
    KeyValueStore reader = reader();

    assertThat(reader.stats().state()).isEqualTo(StoreState.READ_ONLY);
    assertThat(reader.capabilities())
        .containsExactlyInAnyOrder(
            StoreCapability.ONE_MOMENT,
            StoreCapability.SNAPSHOTS,
            StoreCapability.QUERIES,
            StoreCapability.HISTORY,
            StoreCapability.CHANGES,
            StoreCapability.BACKUPS);
    assertThat(reader.url()).contains("access=read");
    reader.close();
    assertThat(reader.stats().state()).isEqualTo(StoreState.CLOSED);
    assertThatThrownBy(reader::refresh)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void itChangesNothingInTheDirectory() throws IOException {
    KeyValueStore writer = writer();
    for (int round = 0; round < 5; round++) {
      setAll(writer, "round" + round);
    }
    writer.set("short", bytes("1"), SetOptions.ttl(Duration.ofSeconds(1)));
    writers.close();
    Path log = temp.resolve("data/main/log");
    Files.delete(log.resolve("0000000001.hint"));
    Files.writeString(log.resolve("0000000099.seg.compact"), "what a crash has left");
    Map<String, String> before = files();

    KeyValueStore reader = reader();
    time.advance(Duration.ofMinutes(10));
    assertThat(reader.contains("short")).isFalse();
    assertThat(reader.keys("key")).hasSize(KEYS);
    assertThat(reader.queryByTags("round4")).hasSize(KEYS);
    reader.refresh();
    time.advance(Duration.ofDays(2));
    reader.close();

    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aDirectoryWithoutAStoreIsAnErrorAndStaysAsItIs() throws IOException {
    assertThatThrownBy(this::reader)
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining("main does not exist; access=read creates nothing");
    assertThat(temp.resolve("data")).doesNotExist();

    Files.createDirectories(temp.resolve("data/main"));
    assertThatThrownBy(this::reader)
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining("there is no store in " + temp.toRealPath().resolve("data/main"));
    assertThat(temp.resolve("data/main")).isEmptyDirectory();
  }

  @Test
  void aStoreWithoutAnEntryIsEmpty() {
    KeyValueStore writer = writer();
    KeyValueStore reader = reader();

    assertThat(reader.keys("")).isEmpty();
    assertThat(reader.refresh()).isZero();
    writer.set("a", bytes("1"));
    writer.flush();
    assertThat(reader.refresh()).isEqualTo(1);
    assertThat(reader.keys("")).containsExactly("a");
  }

  /** Through maps, and by position: what is open stays what it is. */
  @ParameterizedTest
  @ValueSource(strings = {"", "&memory=0b"})
  void itReadsOnWhenTheOwnerCompactsItsFilesAway(String memory) {
    KeyValueStore writer = writer();
    setAll(writer, "old");
    KeyValueStore reader = reader(memory);
    for (int round = 0; round < 10; round++) {
      setAll(writer, "new" + round);
      time.advance(Duration.ofMinutes(1));
    }
    assertThat(writer.stats().compactions()).isPositive();

    Thread.currentThread().interrupt(); // Which closes a channel, to be opened again by its name.
    assertAll(reader, "old");
    assertThat(Thread.interrupted()).isTrue();
    reader.refresh();
    assertAll(reader, "new9");
  }

  @Test
  void aSnapshotShowsItsMomentWhateverIsRefreshed() {
    KeyValueStore writer = writer();
    setAll(writer, "old");
    KeyValueStore reader = reader();
    try (Snapshot snapshot = reader.snapshot()) {
      setAll(writer, "new");
      reader.refresh();
      time.advance(Duration.ofMinutes(1)); // What nobody reads is closed.

      assertThat(snapshot.sequence()).isEqualTo(KEYS);
      assertThat(snapshot.queryByTags("old")).hasSize(KEYS);
      assertThat(snapshot.get("key7")).hasValue(bytes("old"));
      assertAll(reader, "new");
    }
  }

  @Test
  void whatIsTornAtTheEndIsNotShownAndStaysForItsOwner() throws IOException {
    KeyValueStore writer = writer();
    setAll(writer, "whole");
    writers.close();
    Path log = temp.resolve("data/main/log");
    Path last;
    try (Stream<Path> files = Files.list(log)) {
      last = files.filter(file -> file.toString().endsWith(".seg")).sorted().toList().get(0);
    }
    byte[] begun = new byte[100];
    begun[4] = 60;
    Files.write(last, begun, StandardOpenOption.APPEND);
    long length = Files.size(last);

    assertAll(reader(), "whole");
    assertThat(last).hasSize(length);
  }

  @Test
  void whatIsDamagedIsNamed() throws IOException {
    setAll(writer(), "whole");
    setAll(writer(), "more");
    writers.close();
    Path log = temp.resolve("data/main/log");
    Files.delete(log.resolve("0000000001.hint"));
    Path first = log.resolve("0000000001.seg");
    byte[] content = Files.readAllBytes(first);
    content[200] ^= 1;
    Files.write(first, content);

    assertThatThrownBy(this::reader)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("0000000001.seg");
    Files.delete(first);
    assertThatThrownBy(this::reader)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("0000000001.seg")
        .hasMessageContaining("missing");
  }

  @Test
  void aRefreshThatFailsChangesNothing() throws IOException {
    KeyValueStore writer = writer();
    writer.set("a", bytes("1"));
    writer.flush();
    KeyValueStore reader = reader();
    writers.close();
    Path main = temp.resolve("data/main");
    Files.move(main, temp.resolve("away"));

    assertThatThrownBy(reader::refresh)
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining("could not be refreshed, and shows what it did");
    assertThat(reader.get("a")).hasValue(bytes("1"));
    assertThat(reader.keys("")).containsExactly("a");

    try (StoreRegistry others = StoreRegistry.create(time)) {
      others.open("nadb:fs:" + temp.resolve("data")).set("another", bytes("2"));
    }
    assertThatThrownBy(reader::refresh)
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining("is not the store any more that was opened there");
    assertThat(reader.keys("")).containsExactly("a");
  }
}
