package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a flush brings to a server, many writes in one script. */
class RedisWriteBehindIT {
  private static final Pattern SCRIPTS = Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)");

  private final RedisServer server = RedisServer.start();
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry here = StoreRegistry.create(time);
  private final StoreRegistry there = StoreRegistry.create(time);
  private final KeyValueStore atOnce = there.open(server.url("sweep=off"));
  private final KeyValueStore behind =
      here.open(server.url("sweep=off", "buffer=1mb", "flush=off"));

  @AfterEach
  void close() {
    // Some tests leave behind what cannot be flushed.
    server.command("FLUSHALL");
    here.close();
    there.close();
    server.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void aThousandWritesAreSentInAHandfulOfScripts() {
    behind.set("k", bytes("v"));
    behind.flush();
    long before = scripts();
    for (int i = 0; i < 1000; i++) {
      behind.set("k" + i, bytes("v" + i));
    }
    behind.flush();

    assertThat(scripts() - before).isEqualTo(8);
    assertThat(atOnce.keys("")).hasSize(1001);
    for (int i = 0; i < 1000; i++) {
      assertThat(atOnce.get("k" + i)).contains(bytes("v" + i));
    }
  }

  private long scripts() {
    Matcher calls = SCRIPTS.matcher(server.command("INFO", "commandstats"));
    long sum = 0;
    while (calls.find()) {
      sum += Long.parseLong(calls.group(1));
    }
    return sum;
  }

  @Test
  void largeValuesAreSentInScriptsOfTheirOwn() {
    behind.set("k", bytes("v"));
    behind.flush();
    long before = scripts();
    for (int i = 0; i < 4; i++) {
      behind.set("large" + i, new byte[100_000]);
    }
    behind.flush();

    assertThat(scripts() - before).isEqualTo(4);
    assertThat(atOnce.get("large3")).contains(new byte[100_000]);
  }

  @Test
  void anEntryThatHadTagsOrATtlLosesThemThoughItIsWrittenAmongMany() {
    atOnce.set("both", bytes("old"), SetOptions.ttl(ofHours(1)).withTags("t", "u"));
    atOnce.set("tagged", bytes("old"), SetOptions.tags("t"));
    atOnce.set("kept", bytes("old"), SetOptions.tags("t"));
    atOnce.set("ttl", bytes("old"), SetOptions.ttl(ofHours(1)));
    for (int i = 0; i < 200; i++) {
      behind.set("k" + i, bytes("new"));
    }
    behind.set("both", bytes("new"));
    behind.set("tagged", bytes("new"));
    behind.set("ttl", bytes("new"));
    behind.flush();

    assertThat(atOnce.queryByTags("t")).extracting(EntryMetadata::key).containsExactly("kept");
    assertThat(atOnce.tags()).containsOnlyKeys("t");
    time.advance(ofHours(2));
    assertThat(atOnce.get("both")).contains(bytes("new"));
    assertThat(atOnce.get("tagged")).contains(bytes("new"));
    assertThat(atOnce.get("ttl")).contains(bytes("new"));
    assertThat(server.command("PTTL", "nadb:{main:default}:e:ttl")).isEqualTo("-1");
    assertThat(server.command("EXISTS", "nadb:{main:default}:x")).isEqualTo("0");
  }

  @Test
  void anEntryKeepsItsCreationTimeAndGetsTheTimeOfItsLastWrite() {
    Instant begin = time.now();
    atOnce.set("k", bytes("first"));
    time.advance(ofSeconds(1));
    behind.set("k", bytes("second"));
    behind.set("new", bytes("first"));
    time.advance(ofSeconds(1));
    behind.set("k", bytes("third!"));
    behind.set("new", bytes("second"));
    time.advance(ofSeconds(1));
    behind.flush();

    EntryMetadata old = atOnce.metadata("k").orElseThrow();
    assertThat(old.created()).isEqualTo(begin);
    assertThat(old.updated()).isEqualTo(begin.plusSeconds(2));
    assertThat(old.size()).isEqualTo(6);
    EntryMetadata fresh = atOnce.metadata("new").orElseThrow();
    assertThat(fresh.created()).isEqualTo(begin.plusSeconds(1));
    assertThat(fresh.updated()).isEqualTo(begin.plusSeconds(2));
  }

  @Test
  void whatAnotherProgramHasPutAmongThemIsAnErrorThatNamesItAndLosesNothing() {
    String place = "nadb:{main:default}:e:k50";
    for (String[] foreign : new String[][] {{"SET", place, "v"}, {"HSET", place, "f", "v"}}) {
      server.command("DEL", place);
      server.command(foreign);
      for (int i = 0; i < 100; i++) {
        behind.set("k" + i, bytes(foreign[0] + i));
      }

      assertThatThrownBy(behind::flush)
          .isInstanceOf(NadbException.class)
          .hasCauseInstanceOf(CorruptStoreException.class)
          .hasMessageContaining(place)
          .hasMessageContaining("not written by NADB");
      assertThat(server.command("EXISTS", place)).isEqualTo("1");

      server.command("DEL", place);
      behind.flush();
      for (int i = 0; i < 100; i++) {
        assertThat(atOnce.get("k" + i)).contains(bytes(foreign[0] + i));
      }
    }
  }
}
