package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testing.InMemory;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cuts files at every byte, and flips every byte. */
@Tag("proof")
class DamageTest {
  private static final String SEGMENT = "log/0000000001.seg";

  /** Nothing but a header is on disk before the segment is listed: so it must be there. */
  private static final int HEADER_BYTES = SegmentFormat.HEADER_BYTES;

  @TempDir(factory = InMemory.class)
  Path temp;

  private final VirtualTime time = new VirtualTime();
  private final Load load = new Load(new Random(5), 6, 90);
  private final StoreModel model = new StoreModel();
  private final List<StoreModel.View> boundaries = new ArrayList<>();
  private Path killed;
  private Path closed;
  private int images;

  /** On a disk that never really syncs, which takes most of the time. */
  private StoreRegistry registry(Path directory) throws IOException {
    return new NadbRegistryProvider().create(time, new SimulatedDisk(directory.resolve("main")));
  }

  private static String url(Path directory) {
    return "nadb:fs:" + directory + "?flush=off&sweep=off&segment=64kb&compression=zlib";
  }

  @BeforeEach
  void makeStores() throws IOException {
    killed = temp.resolve("killed");
    closed = temp.resolve("closed");
    try (StoreRegistry registry = registry(closed);
        KeyValueStore store = registry.open(url(closed))) {
      boundaries.add(model.at(time.now()));
      for (int cut = 0; cut < 3; cut++) {
        for (int i = 0; i < 5; i++) {
          load.next(model, time.now()).to(store);
        }
        store.flush();
        boundaries.add(model.at(time.now()));
      }
      CrashImage.copy(closed.resolve("main"), killed.resolve("main"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLastSegmentCutAnywhereLeavesWholeCutsOrAnError(boolean hinted) throws IOException {
    Path original = hinted ? closed : killed;
    byte[] content = Files.readAllBytes(original.resolve("main").resolve(SEGMENT));
    int end = (int) Files.size(closed.resolve("main").resolve(SEGMENT));
    for (int length = 0; length <= end; length++) {
      String outcome = open(original, SEGMENT, Arrays.copyOf(content, length));
      if (!hinted && length >= HEADER_BYTES) {
        assertThat(outcome).as("cut at %s", length).isEqualTo("boundary");
      } else if (length < end) {
        assertThat(outcome).as("cut at %s", length).contains(SEGMENT.substring(4));
      }
    }
  }

  @Test
  void aFlippedByteInASegmentIsNeverAWrongAnswer() throws IOException {
    for (Path original : List.of(killed, closed)) {
      flipAll(original, SEGMENT, 1);
    }
  }

  @Test
  void aDamagedHintIsIgnored() throws IOException {
    String hint = "log/0000000001.hint";
    byte[] content = Files.readAllBytes(closed.resolve("main").resolve(hint));
    for (int at = 0; at < content.length; at++) {
      assertThat(open(closed, hint, flipped(content, at))).as("flip at %s", at).isEqualTo("latest");
    }
  }

  @Test
  void damagedMetadataLosesNothing() throws IOException {
    String file = "metadata.db";
    // A store as small as this goes on with a database, but begins none of its own.
    Files.createFile(closed.resolve("main").resolve(file));
    try (StoreRegistry registry = registry(closed)) {
      registry.open(url(closed)).close();
    }
    byte[] content = Files.readAllBytes(closed.resolve("main").resolve(file));
    assertThat(content).hasSizeGreaterThan(4096);
    for (int at = 0; at < content.length; at += 61) {
      String outcome = open(closed, file, flipped(content, at));
      assertThat(outcome).as("flip at %s", at).isEqualTo("latest");
    }
  }

  @Test
  void aDamagedOwnerNoteKeepsNobodyOut() throws IOException {
    for (byte[] note : new byte[][] {{}, {(byte) 0xff, '\n', 'x'}, new byte[4096]}) {
      assertThat(open(killed, "nadb.owner", note)).isNotEqualTo("nadb.owner");
      assertThat(open(closed, "nadb.owner", note)).isEqualTo("latest");
    }
  }

  private void flipAll(Path original, String file, int stride) throws IOException {
    byte[] content = Files.readAllBytes(original.resolve("main").resolve(file));
    int end = (int) Files.size(closed.resolve("main").resolve(file));
    for (int at = 0; at < end; at += stride) {
      String outcome = open(original, file, flipped(content, at));
      if (!outcome.equals("latest") && !outcome.equals("boundary")) {
        assertThat(outcome)
            .as("flip at %s of %s", at, file)
            .contains(String.valueOf(Path.of(file).getFileName()));
      }
    }
  }

  private static byte[] flipped(byte[] content, int at) {
    byte[] damaged = content.clone();
    damaged[at] ^= (byte) (1 << at % 8);
    return damaged;
  }

  /** Opens a copy with a changed file; tells what is found, or what the error says. */
  private String open(Path original, String file, byte[] content) throws IOException {
    Path copy = temp.resolve("copy" + images++);
    CrashImage.copy(original.resolve("main"), copy.resolve("main"));
    Files.write(copy.resolve("main").resolve(file), content);
    try (StoreRegistry registry = registry(copy);
        KeyValueStore store = registry.open(url(copy))) {
      StoreModel.View view = StoreModel.read(store, load.universe());
      assertThat(boundaries).as("%s, %s bytes", file, content.length).contains(view);
      boolean latest = view.equals(boundaries.get(boundaries.size() - 1));
      return latest && original.equals(closed) ? "latest" : "boundary";
    } catch (NadbException e) {
      return String.valueOf(e.getMessage());
    } finally {
      Directories.delete(copy);
    }
  }
}
