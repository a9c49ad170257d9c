package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendView;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two keys with one fingerprint, which nobody can find, and which must do no harm if they meet. */
class FingerprintCollisionTest {
  private static final LogSettings SETTINGS =
      new LogSettings(1 << 16, Codec.NONE, false, Long.MAX_VALUE);

  @TempDir Path directory;

  /** A cut of one entry with a tag. */
  private static MapCut oneEntry(String namespace, String key, String value) {
    Write write = Write.set(1, utf8(value), Set.of("tag"), 0, false, 0, Write.NEVER);
    return new MapCut(1, Map.of(namespace, Map.of(key, write)));
  }

  private static SegmentSet state(LogBackend backend) throws ReflectiveOperationException {
    Field field = LogBackend.class.getDeclaredField("state");
    field.setAccessible(true);
    return (SegmentSet) field.get(backend);
  }

  /** Makes the index lead from one key to the record of another. */
  private static void collide(
      LogBackend backend, String namespace, String key, String otherNamespace, String otherKey)
      throws ReflectiveOperationException {
    SegmentSet state = state(backend);
    long position = state.index().find(state.namespace(otherNamespace).fingerprint(utf8(otherKey)));
    assertThat(position).isNotZero();
    state.index().put(state.namespace(namespace).fingerprint(utf8(key)), 0, position);
  }

  @Test
  void theValueOfAnotherKeyOrOfNoneIsNotThatOfATouch()
      throws IOException, ReflectiveOperationException {
    StorageIo io = StorageIo.system();
    try (LogBackend backend = LogBackend.open(directory, SETTINGS, io, new VirtualTime())) {
      backend.apply(oneEntry("space", "key", "value"), true);
      backend.apply(oneEntry("space", "other", "value of another"), true);
      Write touch = Write.touch(2, 1, 5, null, Set.of(), 0, true, 0, 100);
      backend.apply(new MapCut(2, Map.of("space", Map.of("key", touch))), true);
      KeyIndex index = state(backend).index();
      KeyHasher.Fingerprint key = state(backend).namespace("space").fingerprint(utf8("key"));
      long touched = index.find(key);
      assertThat(backend.value("space", "key", () -> 0)).isEqualTo(utf8("value"));
      index.remove(key);
      index.put(key, 0, touched);
      assertNamed(backend);
      collide(backend, "space", "key", "space", "other");
      index.put(key, 0, touched);
      assertNamed(backend);
    }
  }

  private static void assertNamed(LogBackend backend) throws IOException {
    assertThat(backend.entry("space", "key")).isNotNull();
    assertThatThrownBy(() -> backend.value("space", "key", () -> 0))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("0000000001.seg")
        .hasMessageContaining("the record with the value that was touched here is missing");
    try (BackendView view = backend.view(2)) {
      assertThatThrownBy(() -> view.value("space", "key", () -> 0))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining("0000000001.seg");
    }
  }

  @Test
  void anotherKeysRecordIsNeverAnAnswer() throws IOException, ReflectiveOperationException {
    StorageIo io = StorageIo.system();
    try (LogBackend backend = LogBackend.open(directory, SETTINGS, io, new VirtualTime())) {
      backend.apply(oneEntry("space", "key", "value"), true);
      for (String[] other :
          new String[][] {
            {"space", "kez"},
            {"space", "ke"},
            {"space", "key1"},
            {"spacf", "key"},
            {"spac", "ekey"},
            {"spacek", "ey"},
            {"space", "tag"}
          }) {
        collide(backend, other[0], other[1], "space", "key");
        assertThat(backend.value(other[0], other[1], () -> 0)).as(other[0] + other[1]).isNull();
        assertThat(backend.entry(other[0], other[1])).as(other[0] + other[1]).isNull();
      }
      assertThat(backend.value("space", "key", () -> 0)).isEqualTo(utf8("value"));
    }
  }

  /** The other key was written later, and the index has what was there before for the view. */
  @Test
  void aViewShowsWhatItsKeyHadWhenAnotherHasTakenItsPlace()
      throws IOException, ReflectiveOperationException {
    StorageIo io = StorageIo.system();
    try (LogBackend backend = LogBackend.open(directory, SETTINGS, io, new VirtualTime())) {
      backend.apply(oneEntry("space", "key", "value"), true);
      try (BackendView view = backend.view(1)) {
        Write later = Write.set(2, utf8("later"), Set.of("tag"), 0, false, 0, Write.NEVER);
        backend.apply(new MapCut(2, Map.of("space", Map.of("other", later))), true);
        collide(backend, "space", "key", "space", "other");

        assertThat(backend.value("space", "key", () -> 0)).as("of another key").isNull();
        assertThat(view.value("space", "key", () -> 0)).isEqualTo(utf8("value"));
        assertThat(view.value("space", "other", () -> 0)).isNull();
        assertThat(view.entry("space", "other")).isNull();
        List<String> listed = new ArrayList<>();
        view.scan("space", "", entry -> listed.add(entry.key()));
        assertThat(listed).containsExactly("key");
        assertThat(view.tagged("space", Set.of("tag")))
            .extracting(StoredEntry::key)
            .containsExactly("key");
        assertThat(view.countTags("space", 0, Set.of())).isEqualTo(Map.of("tag", 1L));
      }
    }
  }
}
