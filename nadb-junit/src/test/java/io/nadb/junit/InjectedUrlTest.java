package io.nadb.junit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Which URL, clock and random numbers an injected store has. */
class InjectedUrlTest extends Injection {
  static class Clocks {
    @NadbStore(group = "a", with = "flush=5s")
    private KeyValueStore one;

    @NadbStore(group = "a", with = "flush=5s")
    private KeyValueStore same;

    @NadbStore(group = "b", with = "flush=5s")
    private KeyValueStore other;

    @Test
    void areSharedByTheSameWord(@NadbStore(group = "a") VirtualTime time) {
      expectNew(one);
      expectNew(same);
      expectNew(other);
      time.advance(ofSeconds(5));
      assertThat(one).hasPersisted("seen");
      assertThat(same).hasPersisted("seen");
      assertThat(other).buffers("seen");
    }

    @Test
    void cannotBeMistaken(VirtualTime time) {
      throw new IllegalStateException(time.toString());
    }
  }

  static class Urls {
    static Path directory = Path.of("");

    @Test
    void optionsOverrideThoseOfTheUrl(
        @NadbStore(value = "nadb:fs:{dir}/x?flush=1s&buffer=2kb", with = "Flush=off")
            KeyValueStore store,
        NadbHarness harness) {
      assertThat(store.url())
          .startsWith("nadb:fs:" + harness.directory())
          .contains("/x?")
          .contains("Flush=off")
          .doesNotContain("flush=1s");
      directory = harness.directory();
      assertThat(directory).isDirectory();
    }
  }

  static class PathsOfTheProject {
    @NadbStore("nadb:fs:./data")
    private KeyValueStore relative;

    @NadbStore("nadb:fs:/var/lib/data")
    private KeyValueStore absolute;

    @RepeatedTest(2)
    void lieInTheDirectoryOfTheTest(NadbHarness harness) {
      expectNew(relative);
      expectNew(absolute);
      expectNew(harness.open("nadb:fs:../../../sibling?namespace=a%25b"));
      try (KeyValueStore own = harness.registry().open("nadb:FS:./own")) {
        expectNew(own);
      }
      for (String path : List.of("data", "var/lib/data", "sibling", "own")) {
        assertThat(harness.directory().resolve(path + "/main/log")).isDirectory();
      }
      assertThat(Path.of("data")).doesNotExist();
    }
  }

  static class Random {
    static final List<Long> NUMBERS = new ArrayList<>();

    @NadbStore static KeyValueStore shared;
    @NadbStore private NadbHarness harness;

    @NadbStore(group = "other")
    private NadbHarness other;

    @BeforeAll
    static void draw(NadbHarness ofClass) {
      NUMBERS.add(ofClass.random().nextLong());
    }

    @RepeatedTest(2)
    void numbers() {
      for (NadbHarness each : List.of(harness, other, harness.fresh(), harness.fresh())) {
        NUMBERS.add(each.random().nextLong());
      }
      NUMBERS.add(harness.fresh().fresh().random().nextLong());
    }
  }

  static class DefaultUrl {
    @Test
    void isThatOfTheConfiguration(@NadbStore KeyValueStore store) {
      assertThat(store.url()).startsWith("nadb:mem:");
    }
  }

  @Test
  void storesShareAClockOrNot() {
    assertThat(Engine.run(Clocks.class).failures())
        .singleElement()
        .asString()
        .contains("could belong to the stores of [a, b]; say which with @NadbStore(group = \"…\")");
  }

  @Test
  void theDirectoryIsGoneAfterwards() {
    Engine.run(Urls.class).expectPassed(1);
    assertThat(Files.exists(Urls.directory)).isFalse();
  }

  @Test
  void aPathInAUrlIsOneInTheDirectoryOfTheTest() {
    Engine.run(PathsOfTheProject.class).expectPassed(2);
  }

  @Test
  void allHarnessesDrawNumbersOfTheirOwnWhichOneSeedBringsBack() {
    Engine.run(java.util.Map.of("nadb.test.seed", "7"), Random.class).expectPassed(2);
    List<Long> first = List.copyOf(Random.NUMBERS);
    assertThat(first).hasSize(11).doesNotHaveDuplicates();
    Random.NUMBERS.clear();
    Engine.run(java.util.Map.of("nadb.test.seed", "7"), Random.class).expectPassed(2);
    assertThat(Random.NUMBERS).isEqualTo(first);
    Random.NUMBERS.clear();
    Engine.run(Random.class).expectPassed(2);
    assertThat(Random.NUMBERS).doesNotContainAnyElementsOf(first);
  }

  @Test
  void theDefaultUrlComesFromAConfigurationParameter() {
    Engine.run(java.util.Map.of("nadb.test.url", "nadb:mem:"), DefaultUrl.class).expectPassed(1);
  }
}
