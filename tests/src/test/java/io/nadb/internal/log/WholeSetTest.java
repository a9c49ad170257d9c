package io.nadb.internal.log;

import static io.nadb.internal.log.format.SegmentFormat.HEADER_CRC_AT;
import static io.nadb.internal.log.format.SegmentFormat.HEADER_ORDINAL_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.testing.InMemory;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes files away from a store, and puts others in their places: opening names what is wrong and
 * changes nothing, or finds exactly what one flush has left.
 */
@Tag("proof")
class WholeSetTest {
  private static final String WITNESS = "nadb.lineage";

  @TempDir(factory = InMemory.class)
  Path temp;

  /** The files of the log after each flush and each step of maintenance, and at the end. */
  private final List<Map<String, byte[]>> moments = new ArrayList<>();

  private List<Map<String, Map<String, String>>> boundaries;
  private Map<String, byte[]> whole;
  private Map<String, byte[]> other;
  private int copies;

  @BeforeEach
  void live() throws IOException {
    Path store = temp.resolve("store");
    try (LogBackend backend = GoldenStore.open(store, new SimulatedDisk(store))) {
      boundaries = GoldenStore.live(backend, () -> moments.add(read(store)));
    }
    whole = read(store);
    moments.add(whole);
    Path another = temp.resolve("another");
    try (LogBackend backend = GoldenStore.open(another, new SimulatedDisk(another), 2)) {
      GoldenStore.live(backend, () -> {});
    }
    other = read(another);
    assertThat(segments()).hasSizeGreaterThan(6);
  }

  private static Map<String, byte[]> read(Path store) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(store.resolve("log"))) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static byte[] file(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  private List<String> segments() {
    return whole.keySet().stream().filter(name -> name.endsWith(".seg")).toList();
  }

  private Map<String, byte[]> without(String... names) {
    Map<String, byte[]> files = new TreeMap<>(whole);
    files.keySet().removeAll(List.of(names));
    return files;
  }

  private Map<String, byte[]> with(String name, byte[] content) {
    Map<String, byte[]> files = new TreeMap<>(whole);
    files.put(name, content);
    return files;
  }

  private static String hint(String segment) {
    return segment.replace(".seg", ".hint");
  }

  /** Opens a directory with these files; returns which boundary it equals, or the refusal. */
  private Object open(Map<String, byte[]> files) throws IOException {
    Path copy = temp.resolve("copy" + copies++);
    Files.createDirectories(copy.resolve("log"));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(copy.resolve("log").resolve(file.getKey()), file.getValue());
    }
    try (LogBackend backend = GoldenStore.open(copy, new SimulatedDisk(copy), 3)) {
      int boundary = boundaries.indexOf(GoldenStore.read(backend));
      assertThat(boundary).as("a flush boundary").isNotNegative();
      return boundary;
    } catch (CorruptStoreException e) {
      Map<String, byte[]> after = read(copy);
      assertThat(after.keySet()).as("files after a refusal").isEqualTo(files.keySet());
      after.forEach((name, content) -> assertThat(content).as(name).isEqualTo(files.get(name)));
      return String.valueOf(e.getMessage());
    }
  }

  private void assertRefused(Map<String, byte[]> files, String name, String... words)
      throws IOException {
    Object outcome = open(files);
    assertThat(outcome).as(name).asString().contains(name);
    assertThat(List.of(words)).as(name).allMatch(String.valueOf(outcome)::contains);
  }

  private void assertLatest(Map<String, byte[]> files, String what) throws IOException {
    assertThat(open(files)).as(what).isEqualTo(boundaries.size() - 1);
  }

  @Test
  void aWholeSetIsOpenedWithOrWithoutHints() throws IOException {
    assertLatest(whole, "whole");
    for (String segment : segments()) {
      assertLatest(without(hint(segment)), segment);
    }
  }

  @Test
  void aSegmentThatIsMissingIsNamed() throws IOException {
    for (String segment : segments()) {
      assertRefused(without(segment), segment, "missing", "nothing was changed", "put the");
      assertRefused(without(segment, hint(segment)), segment, "missing");
    }
    String[] all = segments().toArray(String[]::new);
    assertRefused(without(all), all[0], "missing");
  }

  @Test
  void theListOfSegmentsMayNotBeMissingDamagedOrAnothers() throws IOException {
    assertRefused(without(WITNESS), WITNESS, "missing", "nothing was changed");
    byte[] witness = file(whole, WITNESS);
    for (int at = 0; at < witness.length; at++) {
      byte[] flipped = witness.clone();
      flipped[at] ^= 1;
      Map<String, byte[]> files = with(WITNESS, flipped);
      if (at >= WitnessFile.VERSION_AT
          && at
              < WitnessFile.VERSION_AT + Short.BYTES) { // Of another version, and refused as such.
        continue;
      }
      assertRefused(files, WITNESS);
      assertRefused(with(WITNESS, Arrays.copyOf(witness, at)), WITNESS);
    }
    assertRefused(with(WITNESS, file(other, WITNESS)), segments().get(0), "another store", WITNESS);
  }

  @Test
  void aRenamedSegmentIsNamed() throws IOException {
    List<String> segments = segments();
    for (int i = 0; i + 1 < segments.size(); i++) {
      Map<String, byte[]> swapped = with(segments.get(i), file(whole, segments.get(i + 1)));
      swapped.put(segments.get(i + 1), file(whole, segments.get(i)));
      assertRefused(swapped, segments.get(i), "renamed");
      Map<String, byte[]> renamed = without(segments.get(i));
      renamed.put("0000000099.seg", file(whole, segments.get(i)));
      assertRefused(renamed, "0000000099.seg", "renamed");
    }
  }

  @Test
  void aFileOfAnotherStoreIsNamedOrNotBelieved() throws IOException {
    for (String name : other.keySet()) {
      if (name.endsWith(".seg")) {
        assertRefused(with(name, file(other, name)), name, "another store");
      } else if (name.endsWith(".hint")) {
        assertLatest(with(name, file(other, name)), name);
      }
    }
    String late = "0000000042.seg";
    assertRefused(
        with(late, renumbered(file(other, segments().get(0)), 42)), late, "another store");
    assertRefused(
        with(late, renumbered(file(whole, segments().get(0)), 42)), late, "does not know");
  }

  private static byte[] renumbered(byte[] segment, long ordinal) {
    byte[] changed = segment.clone();
    SegmentFormat.LONG.set(changed, HEADER_ORDINAL_AT, ordinal);
    SegmentFormat.INT.set(changed, HEADER_CRC_AT, SegmentFormat.crc(changed, 0, HEADER_CRC_AT));
    return changed;
  }

  @Test
  void aFileOfAnEarlierMomentIsNamedOrNotBelievedOrMakesThatMoment() throws IOException {
    int refused = 0;
    for (Map<String, byte[]> moment : moments) {
      for (Map.Entry<String, byte[]> file : moment.entrySet()) {
        String name = file.getKey();
        if (!Arrays.equals(file.getValue(), whole.get(name))) {
          Object outcome = open(with(name, file.getValue()));
          if (name.endsWith(".hint")) {
            assertThat(outcome).as(name).isEqualTo(boundaries.size() - 1);
          } else if (outcome instanceof String refusal) {
            assertThat(refusal).contains(".seg");
            refused++;
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  @Test
  void aSegmentCutOffAnywhereIsNamedOrEndsWithAFlush() throws IOException {
    for (String segment : segments()) {
      boolean last = segment.equals(segments().get(segments().size() - 1));
      byte[] content = file(whole, segment);
      for (int length = 0; length < content.length; length += 8) {
        byte[] cut = Arrays.copyOf(content, length);
        assertRefused(with(segment, cut), segment);
        Map<String, byte[]> unhinted = without(hint(segment));
        unhinted.put(segment, cut);
        Object outcome = open(unhinted);
        if (!last || length < SegmentFormat.HEADER_BYTES) {
          assertThat(outcome).as("%s cut at %s", segment, length).asString().contains(segment);
        }
      }
    }
  }

  /** As a tool does that copies a directory while the store is at work. */
  @Test
  void filesCopiedOneAfterAnotherAreRefusedOrMakeOneMoment() throws IOException {
    Random random = new Random(1);
    int refused = 0;
    int opened = 0;
    for (int i = 0; i < 1500; i++) {
      int moment = random.nextInt(moments.size());
      List<String> names = new ArrayList<>(moments.get(moment).keySet());
      if (random.nextBoolean()) {
        Collections.shuffle(names, random);
      } else if (random.nextBoolean()) {
        Collections.reverse(names);
      }
      int pace = 1 + random.nextInt(8);
      Map<String, byte[]> copied = new TreeMap<>();
      for (String name : names) {
        byte[] content = moments.get(moment).get(name);
        if (content != null) {
          copied.put(name, content);
        }
        moment = Math.min(moments.size() - 1, moment + random.nextInt(pace));
      }
      if (random.nextInt(3) == 0) {
        copied.keySet().removeIf(name -> name.endsWith(".hint"));
      }
      if (open(copied) instanceof String) {
        refused++;
      } else {
        opened++;
      }
    }
    assertThat(refused).isGreaterThan(100);
    assertThat(opened).isGreaterThan(100);
  }
}
