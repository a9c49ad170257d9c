package io.nadb.repair;

import static io.nadb.repair.DamagedStores.OPTIONS;
import static io.nadb.repair.DamagedStores.copy;
import static io.nadb.repair.DamagedStores.cut;
import static io.nadb.repair.DamagedStores.flip;
import static io.nadb.repair.DamagedStores.segments;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.repair.Finding.Kind;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of a store tell after a crash. */
class AutopsyTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  /** A copy of a store that has not been closed, with two cuts: what a kill leaves. */
  private Path killed() throws IOException {
    Path running = temp.resolve("running");
    KeyValueStore store = registry.open("nadb:fs:" + running + OPTIONS);
    store.set("first", "x".getBytes(UTF_8));
    store.flush();
    time.advance(Duration.ofMinutes(3));
    store.set("second", "x".getBytes(UTF_8));
    store.set("third", "x".getBytes(UTF_8));
    store.flush();
    store.set("buffered", "x".getBytes(UTF_8));
    Path killed = temp.resolve("killed");
    copy(running, killed);
    return killed;
  }

  @Test
  void aKilledStoreTellsWhatIsDurableAndOfWhenItIs() throws IOException {
    Path killed = killed();
    Instant flushed = time.now();

    Autopsy autopsy = Autopsy.of(killed);

    assertThat(autopsy.directory()).isEqualTo(killed.resolve("main"));
    assertThat(autopsy.opens()).isTrue();
    assertThat(autopsy.isSound()).isTrue();
    assertThat(autopsy.sequence()).isEqualTo(3);
    assertThat(autopsy.time()).hasValue(flushed);
    assertThat(autopsy.entries()).isEqualTo(3);
    assertThat(autopsy.segments()).isEqualTo(1);
    assertThat(autopsy.findings()).isEmpty();
    assertThat(autopsy.owner()).startsWith("it is a copy of a directory that was open (pid ");
    assertThat(autopsy.report(flushed.plusSeconds(90)))
        .contains("Durable is all up to write 3, of " + flushed + " (90 s ago): ")
        .contains("3 entries in 1 segment are whole.")
        .contains("It opens.\n");
  }

  @Test
  void aTornCutIsNamedWithItsFileAndItsOffset() throws IOException {
    Path killed = killed();
    Path file = segments(killed).get(0);
    long end = Files.readString(file, ISO_8859_1).lastIndexOf("third");
    cut(file, end + 3);

    Autopsy autopsy = Autopsy.of(killed);

    assertThat(autopsy.opens()).isTrue();
    assertThat(autopsy.isSound()).isTrue();
    assertThat(autopsy.sequence()).isEqualTo(1);
    assertThat(autopsy.time()).hasValue(time.now().minus(Duration.ofMinutes(3)));
    assertThat(autopsy.findings())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.kind()).isEqualTo(Kind.CUT_OFF);
              assertThat(each.file()).isEqualTo(file);
              assertThat(each.offset()).isBetween(200L, end);
              assertThat(each.what()).contains("never acknowledged as durable");
            });
    assertThat(autopsy.report(time.now()))
        .contains("Cut off:\n  " + file + ", at offset ")
        .contains("(3 min ago)");
    try (StoreRegistry again = StoreRegistry.create(time)) {
      assertThat(again.open("nadb:fs:" + killed + OPTIONS).keys("")).containsExactly("first");
    }
  }

  @Test
  void aStoreThatWouldBeRefusedTellsWhyAndWhatIsThere() throws IOException {
    Path killed = killed();
    Path file = segments(killed).get(0);
    flip(file, Files.readString(file, ISO_8859_1).indexOf("first"));

    Autopsy autopsy = Autopsy.of(killed);

    assertThat(autopsy.opens()).isFalse();
    assertThat(autopsy.sequence()).isEqualTo(3);
    assertThat(autopsy.entries()).isEqualTo(2);
    assertThat(autopsy.findings())
        .anyMatch(each -> each.kind() == Kind.LOST && each.offset() == 128 && each.bytes() > 40);
    assertThatThrownBy(() -> registry.open("nadb:fs:" + killed + OPTIONS))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining(autopsy.refusal().orElseThrow());
    assertThat(autopsy.report(time.now())).contains("Opening it is refused: " + file);
  }

  @Test
  void aStoreThatIsOpenIsLookedAtWithoutLock() throws IOException {
    Path running = temp.resolve("running");
    KeyValueStore store = registry.open("nadb:fs:" + running + OPTIONS);
    store.set("k", "x".getBytes(UTF_8));
    store.flush();

    Autopsy autopsy = Autopsy.of(running.resolve("main"));

    assertThat(autopsy.owner()).startsWith("this process has it open, or has not closed it (pid ");
    assertThat(autopsy.sequence()).isEqualTo(1);
    store.close();
    assertThat(Autopsy.of(running).owner()).startsWith("it was closed by its last owner (pid ");
  }

  @Test
  void anEmptyStoreIsOne() {
    registry.open("nadb:fs:" + temp.resolve("empty") + OPTIONS).close();

    Autopsy autopsy = Autopsy.of(temp.resolve("empty"));

    assertThat(autopsy.opens()).isTrue();
    assertThat(autopsy.sequence()).isZero();
    assertThat(autopsy.time()).isEmpty();
    assertThat(autopsy.report(time.now()))
        .contains("Nothing is durable in it.")
        .contains("It opens.");
  }

  @Test
  void severalDatabasesHaveToBeToldApart() {
    registry.open("nadb:fs:" + temp.resolve("two") + OPTIONS).close();
    registry.open("nadb:fs:" + temp.resolve("two") + OPTIONS + "&db=b").close();

    assertThatThrownBy(() -> Autopsy.of(temp.resolve("two")))
        .hasMessageContaining("there are several databases in it; name one of ")
        .hasMessageContaining("two/main");
    assertThat(Autopsy.of(temp.resolve("two/b")).opens()).isTrue();
    assertThatThrownBy(() -> Autopsy.of(temp.resolve("none")))
        .hasMessageContaining("it is no directory, or not there");
  }

  @Test
  void anUnfinishedFileIsOfNoUse() throws IOException {
    Path killed = killed();
    Path rest = killed.resolve("main/log/0000000001.seg.compact");
    Files.write(rest, new byte[100]);

    Autopsy autopsy = Autopsy.of(killed);

    assertThat(autopsy.isSound()).isTrue();
    assertThat(autopsy.findings())
        .extracting(Finding::kind, Finding::file, Finding::bytes)
        .containsExactly(tuple(Kind.USELESS, rest, 100L));
    assertThat(List.of(autopsy.report(time.now()).split("\n", -1)))
        .contains(
            "Of no use any more:",
            "  " + rest + ", at offset 0, 100 bytes: a rest of unfinished work");
  }
}
