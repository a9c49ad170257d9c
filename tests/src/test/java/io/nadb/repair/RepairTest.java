package io.nadb.repair;

import static io.nadb.repair.DamagedStores.OPTIONS;
import static io.nadb.repair.DamagedStores.content;
import static io.nadb.repair.DamagedStores.copy;
import static io.nadb.repair.DamagedStores.cut;
import static io.nadb.repair.DamagedStores.flip;
import static io.nadb.repair.DamagedStores.segments;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.Entry;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.repair.DamagedStores.Part;
import io.nadb.repair.Finding.Kind;
import io.nadb.spi.StorageIo;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved of damaged stores, and that the rest is told; and what an autopsy says of them. */
class RepairTest {
  /** How many bytes of each file are flipped, one after the other. */
  private static final int FLIPS = Integer.getInteger("nadb.repair.flips", 12);

  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private final Random random = new Random(Long.getLong("nadb.repair.seed", 1));
  private Path whole;
  private Map<String, Entry> expected;
  private Map<String, List<Part>> parts;
  private int number;

  @BeforeEach
  void fill() throws IOException {
    whole = temp.resolve("whole");
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open("nadb:fs:" + whole + OPTIONS);
      DamagedStores.fill(store, time);
      expected = content(store);
    }
    parts = DamagedStores.parts(whole);
    assertThat(segments(whole)).hasSizeGreaterThan(2);
    assertThat(parts.keySet()).containsAll(expected.keySet());
  }

  @AfterEach
  void theDamagedStoreIsNeverChangedBeforeThisTestDoes() {
    assertThat(content(whole, time)).isEqualTo(expected);
  }

  private Path damaged() throws IOException {
    number++;
    Path damaged = temp.resolve("damaged" + number);
    copy(whole, damaged);
    return damaged;
  }

  private static Path log(Path directory) {
    return directory.resolve("main/log");
  }

  /**
   * Repairs, and compares: what no damage has touched is there, and whatever is another than it
   * was, or came back, is older than what is told to be lost.
   *
   * @param hit tells which records the damage has touched
   */
  private RepairResult check(Path damaged, Predicate<Part> hit) throws IOException {
    Path target = temp.resolve("saved" + number);
    Map<Path, String> before = bytes(damaged);
    Autopsy autopsy = Autopsy.of(damaged);

    RepairResult result = Repair.of(damaged).to(target);

    assertThat(bytes(damaged)).as("nothing is written").isEqualTo(before);
    Map<String, Entry> saved = content(target, time);
    assertThat(result.entries()).isEqualTo(saved.size());
    assertThat(autopsy.entries()).isEqualTo(result.entries());
    assertThat(autopsy.lostKeys()).isEqualTo(result.lostKeys());
    for (String name : expected.keySet()) {
      if (parts.getOrDefault(name, List.of()).stream().noneMatch(hit)) {
        assertThat(saved).as("%s", result.report()).containsEntry(name, expected.get(name));
      } else if (!saved.containsKey(name)) {
        assertThat(result.lostKeys().contains(name) || hasLosses(result))
            .as("%s is told to be lost: %s", name, result.report())
            .isTrue();
      }
    }
    long outdated =
        saved.entrySet().stream()
            .filter(each -> !each.getValue().equals(expected.get(each.getKey())))
            .count();
    if (!isCutOff(result)) {
      assertThat(result.unsureEntries())
          .as("%s entries are outdated: %s", outdated, result.report())
          .isGreaterThanOrEqualTo(outdated);
    }
    compareWithOpening(damaged, autopsy);
    DamagedStores.delete(target);
    return result;
  }

  private static boolean hasLosses(RepairResult result) {
    return result.findings().stream().anyMatch(each -> each.kind() != Kind.USELESS);
  }

  private static boolean isCutOff(RepairResult result) {
    return result.findings().stream().anyMatch(each -> each.kind() == Kind.CUT_OFF);
  }

  /** Opening for writing says what the autopsy has said. */
  private void compareWithOpening(Path damaged, Autopsy autopsy) throws IOException {
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open("nadb:fs:" + damaged + OPTIONS);
      assertThat(autopsy.refusal()).isEmpty();
      assertThat(store.durableSequence()).isEqualTo(autopsy.sequence());
      try {
        assertThat(content(store)).hasSize((int) autopsy.entries());
        assertThat(autopsy.lostKeys()).isEmpty();
      } catch (CorruptStoreException e) {
        assertThat(autopsy.isSound()).as("%s", autopsy.report(time.now())).isFalse();
      }
    } catch (NadbException e) {
      assertThat(autopsy.refusal())
          .hasValueSatisfying(why -> assertThat(e).hasMessageContaining(why));
      assertThat(autopsy.isSound()).isFalse();
    }
    DamagedStores.delete(damaged);
  }

  /** What each file has, a character for a byte. */
  private static Map<Path, String> bytes(Path directory) throws IOException {
    Map<Path, String> bytes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        bytes.put(path, Files.readString(path, ISO_8859_1));
      }
    }
    return bytes;
  }

  @Test
  void anUndamagedStoreGivesAnEqualOne() throws IOException {
    Path damaged = damaged();

    RepairResult result = check(damaged, part -> false);

    assertThat(result.findings()).isEmpty();
    assertThat(result.lostKeys()).isEmpty();
    assertThat(result.unsureUpTo()).isZero();
    assertThat(result.entries()).isEqualTo(expected.size());
  }

  @Test
  void whateverByteOfASegmentIsFlippedAllOtherEntriesAreSaved() throws IOException {
    for (Path file : segments(whole)) {
      for (int i = 0; i < FLIPS; i++) {
        long offset = i < 3 ? i * 40L : random.nextLong(Files.size(file));
        Path damaged = damaged();
        flip(log(damaged).resolve(file.getFileName()), offset);

        check(damaged, part -> isIn(part, file, offset, offset + 1));
      }
    }
  }

  @Test
  void whereverASegmentIsCutOffAllThatIsBeforeIsSaved() throws IOException {
    for (Path file : segments(whole)) {
      for (int i = 0; i < FLIPS / 2; i++) {
        long length = random.nextLong(Files.size(file));
        Path damaged = damaged();
        cut(log(damaged).resolve(file.getFileName()), length);
        boolean last = file.equals(segments(whole).get(segments(whole).size() - 1));

        check(damaged, part -> isIn(part, file, last ? 0 : length, Long.MAX_VALUE));
      }
    }
  }

  @Test
  void whicheverFileIsMissingTheOthersAreSaved() throws IOException {
    for (Path file : bytes(whole).keySet()) {
      Path damaged = damaged();
      Files.delete(damaged.resolve(whole.relativize(file).toString()));

      RepairResult result = check(damaged, part -> part.file().equals(file));

      if (file.toString().endsWith(".seg")) {
        assertThat(result.findings())
            .anyMatch(each -> each.kind() == Kind.LOST && each.what().contains("missing"));
        boolean last = file.equals(segments(whole).get(segments(whole).size() - 1));
        assertThat(result.unsureUpTo())
            .as("more than what was lost can have written")
            .isGreaterThan(
                parts.values().stream()
                    .flatMap(List::stream)
                    .filter(part -> part.file().equals(file))
                    .mapToLong(Part::sequence)
                    .max()
                    .orElse(0));
        assertThat(result.unsureUpTo() == Long.MAX_VALUE).isEqualTo(last);
      }
    }
  }

  @Test
  void twoSegmentsThatHaveChangedTheirNamesAreTakenForWhatTheyAre() throws IOException {
    List<Path> files = segments(whole);
    Path damaged = damaged();
    Path one = log(damaged).resolve(files.get(0).getFileName());
    Path other = log(damaged).resolve(files.get(1).getFileName());
    Path aside = log(damaged).resolve("aside");
    Files.move(one, aside);
    Files.move(other, one);
    Files.move(aside, other);

    RepairResult result = check(damaged, part -> false);

    assertThat(result.findings()).extracting(Finding::kind).contains(Kind.STRANGE);
  }

  @Test
  void aSegmentOfAnotherStoreIsLeftOut() throws IOException {
    Path foreign = temp.resolve("foreign");
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      DamagedStores.fill(registry.open("nadb:fs:" + foreign + OPTIONS), time);
    }
    for (int i = 0; i < segments(whole).size(); i++) {
      Path file = segments(whole).get(i);
      Path damaged = damaged();
      Files.copy(
          segments(foreign).get(i),
          log(damaged).resolve(file.getFileName()),
          StandardCopyOption.REPLACE_EXISTING);

      RepairResult result = check(damaged, part -> part.file().equals(file));

      assertThat(result.findings())
          .anyMatch(each -> each.what().contains("is of another store"))
          .anyMatch(each -> each.what().contains("is missing"));
    }
  }

  @Test
  void aListThatIsDamagedIsDoneWithout() throws IOException {
    Path damaged = damaged();
    flip(log(damaged).resolve("nadb.lineage"), 50);

    RepairResult result = check(damaged, part -> false);

    assertThat(result.findings())
        .anyMatch(each -> each.what().equals("the list of the log's segments is damaged"));
    assertThat(result.entries()).isEqualTo(expected.size());
  }

  @Test
  void aSegmentThatIsStoredAsAValueIsNotTakenForTheLog() throws IOException {
    Path directory = temp.resolve("nested");
    byte[] segment = Files.readAllBytes(segments(whole).get(0));
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = registry.open("nadb:fs:" + directory + OPTIONS);
      store.set("a", "x".getBytes(UTF_8));
      store.set("file", segment);
      store.set("z", "x".getBytes(UTF_8));
      store.flush();
    }
    for (Path file : segments(directory)) {
      int at = Files.readString(file, ISO_8859_1).indexOf("file");
      if (at > 0) {
        flip(file, at);
      }
    }

    Repair.of(directory).to(temp.resolve("saved"));

    assertThat(content(temp.resolve("saved"), time).keySet())
        .isSubsetOf("default/a", "default/z")
        .isNotEmpty();
  }

  @Test
  void nothingIsWrittenOverAndWhatIsNoStoreIsRefused() throws IOException {
    Path there = Files.createDirectory(temp.resolve("there"));

    assertThatThrownBy(() -> Repair.of(whole).to(there))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining(there.toString())
        .hasMessageContaining("a store is saved to a new directory only");
    assertThatThrownBy(() -> Repair.of(whole).to(whole.resolve("main/x")))
        .hasMessageContaining("in the directory that is damaged");
    assertThatThrownBy(() -> Repair.of(there).to(temp.resolve("x")))
        .hasMessageContaining("there is no store in it");
    assertThatThrownBy(() -> Repair.of(whole).to(temp.resolve("no/x")))
        .hasMessageContaining("create it first");
    Files.createDirectory(temp.resolve("y.partial"));
    assertThatThrownBy(() -> Repair.of(whole).to(temp.resolve("y")))
        .hasMessageContaining("interrupted; delete it");
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void whoIsInterruptedMakesNoStore() {
    Path target = temp.resolve("saved");
    Repair interrupted =
        Repair.of(
            whole.resolve("main"),
            StorageIo.system(),
            () -> {
              Thread.currentThread().interrupt(); // When all has been read.
              return StoreRegistry.create();
            });

    assertThatThrownBy(() -> interrupted.to(target))
        .isExactlyInstanceOf(NadbException.class)
        .hasMessage("the repair was interrupted; there is no " + target);
    assertThatThrownBy(() -> Autopsy.of(whole.resolve("main")))
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageStartingWith("interrupted while ");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(temp).isDirectoryNotContaining("glob:**saved*");
  }

  @Test
  void theNewStoreIsOneForWritingWithAllTimes() throws IOException {
    Path target = temp.resolve("with space & %");
    Repair.of(whole.resolve("main")).to(target);

    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store =
          registry.open("nadb:fs:" + temp + "/with%20space%20%26%20%25" + OPTIONS);
      assertThat(content(store)).isEqualTo(expected);
      store.set("new", "x".getBytes(UTF_8), SetOptions.ttl(Duration.ofDays(1)));
      store.flush();
      assertThat(store.get("new")).isPresent();
    }
  }

  private static boolean isIn(Part part, Path file, long from, long to) {
    return part.file().equals(file) && part.from() < to && from < part.to();
  }
}
