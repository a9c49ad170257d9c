package io.nadb.testkit.redis;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.Query;
import io.nadb.SetOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What concerns more entries than are looked at in one step, also while others write. */
class RedisLargeIT extends SharedServer {
  private static final int MANY = 6000;
  private static final byte[] VALUE = bytes("v");

  private static String key(int i) {
    return String.format(Locale.ROOT, "k%05d", i);
  }

  private KeyValueStore fill(int entries, String options, Tags tags) {
    try (KeyValueStore store = open(there, "&buffer=16mb" + options)) {
      for (int i = 0; i < entries; i++) {
        store.set(key(i), VALUE, SetOptions.tags(tags.of(i)));
      }
    }
    return open(here, options);
  }

  /** The tags of the entry with a number. */
  private interface Tags {
    String[] of(int i);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theHitsOfSeveralTagsAreThoseOfTheirEntriesHoweverTheyLie(int partitions) {
    Random random = new Random(1);
    Map<String, Set<String>> tags = new TreeMap<>();
    KeyValueStore store =
        fill(
            MANY,
            "&partitions=" + partitions,
            i -> {
              Set<String> own = new HashSet<>(Set.of(i % 2 == 0 ? "even" : "odd"));
              own.add(i < MANY / 2 ? "first" : "last");
              if (i % 1501 == 3) {
                own.addAll(List.of("even", "odd", "first", "last"));
              }
              if (i < 1000 || i == 2000) {
                own.add("low");
              }
              if (i >= 2000 && i < 3002) {
                own.add("middle");
              }
              if (i % 16 == 5) {
                own.add("some");
              }
              if (random.nextInt(10) > 0) {
                own.add("most");
              }
              tags.put(key(i), own);
              return own.toArray(String[]::new);
            });

    for (String question :
        List.of(
            "even odd",
            "first last",
            "low middle",
            "odd some",
            "some most",
            "even some",
            "most odd first",
            "last first odd even",
            "most even none")) {
      String[] wanted = question.split(" ", -1);
      List<String> expected =
          tags.entrySet().stream()
              .filter(entry -> entry.getValue().containsAll(Set.of(wanted)))
              .map(Map.Entry::getKey)
              .toList();
      assertThat(hits(store, wanted)).as(question).isEqualTo(expected);
      assertThat(store.query().allTags(wanted).count()).as(question).isEqualTo(expected.size());
      try (Stream<EntryMetadata> stream =
          store.query().allTags(wanted).range("k01", "k05").stream()) {
        assertThat(stream.map(EntryMetadata::key))
            .as(question)
            .containsExactlyElementsOf(
                expected.stream().filter(k -> within(k, "k01", "k05")).toList());
      }
    }
  }

  private static boolean within(String key, String from, String to) {
    return KeyOrder.INSTANCE.compare(key, from) >= 0 && KeyOrder.INSTANCE.compare(key, to) < 0;
  }

  @Test
  void tagsThatHardlyMeetHaveTheServerReadNoOtherEntries() {
    KeyValueStore store =
        fill(MANY, "", i -> i < 3 ? new String[] {"even", "odd"} : new String[] {parity(i)});
    long reads = calls("hmget");

    assertThat(hits(store, "even", "odd")).hasSize(3);

    assertThat(calls("hmget") - reads).isEqualTo(3);
  }

  private static String parity(int i) {
    return i % 2 == 0 ? "even" : "odd";
  }

  @Test
  void aPageReadsWhatIsOnItAndAStreamNoMoreThanOnce() {
    KeyValueStore store = fill(MANY, "", i -> new String[] {"all"});
    Query query = store.query().allTags("all");
    assertThat(query.limit(1).keys()).hasSize(1); // So that the server knows the script.
    long reads = calls("hmget");

    assertThat(query.range(key(3000), null).limit(200).keys()).hasSize(200).contains(key(3100));
    assertThat(calls("hmget") - reads).isLessThan(300);
    reads = calls("hmget");
    try (Stream<EntryMetadata> stream = query.stream()) {
      assertThat(stream).hasSize(MANY);
    }
    assertThat(calls("hmget") - reads).isLessThan(MANY + 300);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whoKeepsItsTagsIsFoundOnceByEveryQueryWhateverOthersWrite(int partitions) throws Exception {
    String options = "&partitions=" + partitions;
    KeyValueStore store =
        fill(3000, options, i -> i % 50 == 0 ? new String[] {"a", "b"} : new String[] {"a"});
    List<String> lasting = IntStream.range(0, 60).mapToObj(i -> key(50 * i)).toList();
    KeyValueStore writer = open(there, options);
    Random random = new Random(2);
    meanwhile(
        () -> {
          int i = random.nextInt(3000);
          if (i % 50 != 0) {
            switch (random.nextInt(4)) {
              case 0 -> writer.set(key(i), VALUE, SetOptions.tags("a", "b"));
              case 1 -> writer.set(key(i), VALUE, SetOptions.tags("b"));
              case 2 -> writer.delete(key(i));
              default -> writer.set(key(i), VALUE, SetOptions.tags("a"));
            }
          }
        },
        () -> {
          for (int round = 0; round < 10; round++) {
            assertThat(hits(store, "a", "b")).containsAll(lasting).doesNotHaveDuplicates();
            List<String> streamed = new ArrayList<>();
            try (Stream<EntryMetadata> stream = store.query().allTags("a", "b").stream()) {
              stream.forEach(entry -> streamed.add(entry.key()));
            }
            assertThat(streamed).containsAll(lasting).isSortedAccordingTo(KeyOrder.INSTANCE);
            assertThat(streamed).doesNotHaveDuplicates();
          }
        });
    assertThat(store.tags()).isEqualTo(counted(store));
  }

  private static void meanwhile(Runnable write, Runnable check) throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread writing =
        new Thread(
            () -> {
              while (!done.get()) {
                write.run();
              }
            });
    writing.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    writing.start();
    try {
      check.run();
    } finally {
      done.set(true);
      writing.join();
    }
    assertThat(failure).hasValue(null);
  }

  /** What {@code tags} has to be, from the entries. */
  private static Map<String, Long> counted(KeyValueStore store) {
    Map<String, Long> counts = new TreeMap<>(KeyOrder.INSTANCE);
    for (String key : store.keys("")) {
      store
          .metadata(key)
          .ifPresent(entry -> entry.tags().forEach(tag -> counts.merge(tag, 1L, Long::sum)));
    }
    return counts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb"})
  void tagsAreCountedWithoutALookAtTheEntriesAlsoWhenSomeHaveExpired(String buffer) {
    KeyValueStore store = open(here, buffer);
    for (int i = 0; i < 1200; i++) {
      SetOptions lasting = SetOptions.tags("all", "tag " + i);
      store.set(key(i), VALUE, i % 3 == 0 ? lasting.withTtl(ofSeconds(10)) : lasting);
    }
    store.set(key(1), VALUE, SetOptions.tags("other"));
    store.set(key(2), VALUE);
    store.delete(key(4));
    store.set(key(3), VALUE, SetOptions.tags("all").withTtl(ofHours(1)));
    store.flush();
    server.command("DEL", "nadb:{" + db + ":default}:e:" + key(0)); // As Redis itself does.
    time.advance(ofSeconds(10));
    store.cleanupExpired();
    long reads = calls("hmget");
    Map<String, Long> tags = store.tags();

    assertThat(calls("hmget") - reads).isZero();
    assertThat(tags).isEqualTo(counted(store)).containsEntry("all", 798L).hasSize(799);
  }

  @Test
  void whatHasExpiredIsNotCountedThoughNobodyHasSweptIt() {
    KeyValueStore store = open(here, "&partitions=2");
    for (int i = 0; i < 700; i++) {
      store.set(key(i), VALUE, SetOptions.tags("t", "u" + i % 3).withTtl(ofSeconds(1 + i % 2)));
    }
    time.advance(ofSeconds(1));
    assertThat(store.tags()).containsEntry("t", 350L).isEqualTo(counted(store));
    time.advance(ofSeconds(1));
    assertThat(store.tags()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void nothingIsLeftOfWhatWasCleared(int partitions) {
    KeyValueStore store =
        fill(
            3000,
            "&partitions=" + partitions,
            i -> i % 3 == 0 ? new String[] {} : new String[] {"all", "t" + i % 100});
    for (int i = 0; i < 300; i++) {
      store.set("ttl" + i, VALUE, SetOptions.tags("all").withTtl(ofHours(1)));
    }
    String start = "nadb:{" + db + ":default" + (partitions == 1 ? "" : ":0") + "}:";
    server.command("SET", start + "e:foreign", "x");
    server.command("HSET", start + "e:broken", "t", "no JSON");

    store.clear();

    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
    assertThat(store.namespaceStats().deletes()).isBetween(3300L, 3302L);
  }

  @Test
  void whatGoesTogetherFromABufferLeavesNothingInIndexes() {
    KeyValueStore store = open(here, "&buffer=1mb");
    for (int i = 0; i < 300; i++) {
      store.set(key(i), VALUE, SetOptions.tags("all", "t" + i % 7).withTtl(ofHours(1)));
    }
    store.flush();
    for (int i = 0; i < 300; i++) {
      store.delete(key(i));
    }
    store.flush();

    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }

  private static SetOptions ofTheCleared(int i) {
    return i < 3 ? SetOptions.tags("all", "few").withTtl(ofHours(1)) : SetOptions.tags("all");
  }

  @Test
  void whatIsSetAnewJustBeforeTheIndexesAreTidiedStandsInItsOwnOnly() {
    try (RedisProxy proxy = RedisProxy.to(server)) {
      KeyValueStore other = open(there, "");
      KeyValueStore store = here.open(proxy.url("sweep=off", "db=" + db));
      for (int i = 0; i < 1500; i++) {
        store.set(key(i), VALUE, ofTheCleared(i));
      }
      proxy.onRequest("i:few\r\n", () -> other.set(key(1), VALUE, SetOptions.tags("new", "all")));

      store.clear();

      assertThat(other.tags()).isEqualTo(Map.of("all", 1L, "new", 1L));
      assertThat(hits(other, "all")).containsExactly(key(1));
      assertThat(server.command("EXISTS", "nadb:{" + db + ":default}:x")).isEqualTo("0");
    }
  }

  @Test
  void aClearThatHasNotComeToItsEndMakesNoCountWrongAndTheNextOneEndsIt() {
    try (RedisProxy proxy = RedisProxy.to(server)) {
      KeyValueStore other = open(there, "");
      KeyValueStore store = here.open(proxy.url("sweep=off", "db=" + db));
      for (int i = 0; i < 1500; i++) {
        store.set(key(i), VALUE, ofTheCleared(i));
      }
      proxy.onRequest("i:few\r\n", proxy::cut);

      assertThatThrownBy(store::clear).isInstanceOf(NadbConnectionException.class);

      other.set("new", VALUE, SetOptions.tags("few"));
      assertThat(other.tags()).isEqualTo(Map.of("few", 1L));
      store.clear();
      assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
    }
  }

  @Test
  void whatIsWrittenWhileSomebodyClearsIsFoundByItsTagsIfItIsThere() throws Exception {
    KeyValueStore store = fill(5000, "", i -> new String[] {"all", parity(i)});
    KeyValueStore writer = open(there, "");
    Random random = new Random(3);
    meanwhile(
        () ->
            writer.set(
                key(random.nextInt(5000)),
                VALUE,
                SetOptions.tags("all", "new").withTtl(ofHours(1))),
        store::clear);

    assertThat(hits(store, "all")).isEqualTo(store.keys(""));
    assertThat(hits(store, "all", "new")).isEqualTo(store.keys(""));
    assertThat(hits(store, "odd")).isEmpty();
    assertThat(store.tags()).isEqualTo(counted(store));
  }

  /** How often the server has carried out a command, inside scripts or not. */
  private static long calls(String command) {
    return server
        .command("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":"))
        .mapToLong(line -> Long.parseLong(line.strip().replaceAll(".*:calls=(\\d+).*", "$1")))
        .sum();
  }
}
