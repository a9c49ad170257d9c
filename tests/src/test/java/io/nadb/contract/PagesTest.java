package io.nadb.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.Query;
import io.nadb.Query.Order;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of what is partly buffered and partly in the log, and cursors from elsewhere. */
class PagesTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private KeyValueStore store;

  @BeforeEach
  void open() {
    store = registry.open("nadb:fs:" + temp + "?flush=off&metadata=none");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private void set(String... keys) {
    for (String key : keys) {
      store.set(key, key.getBytes(UTF_8));
    }
  }

  @Test
  void noMoreComesThanIsWantedWhereverItIs() {
    set("b", "d", "f");
    store.flush();
    set("a", "aa", "c", "e", "g", "gg");
    List<String> all = List.of("a", "aa", "b", "c", "d", "e", "f", "g", "gg");

    for (Order order : Order.values()) {
      for (int limit = 1; limit <= 10; limit++) {
        List<String> first = all.subList(0, Math.min(limit, 9));
        Query query = store.query().orderBy(order).limit(limit);
        if (order == Order.KEY) {
          assertThat(query.keys()).as("%s %d", order, limit).isEqualTo(first);
          assertThat(query.page().entries()).hasSameSizeAs(first);
        }
        assertThat(query.explain().hits()).isEqualTo(first.size());
      }
    }
  }

  /** It asks for 256 at a time. */
  @Test
  void aStreamEndsAtItsLimitAlsoAmidABatch() {
    for (int i = 0; i < 600; i++) {
      set("key" + i);
    }
    store.flush();

    for (int limit : new int[] {255, 256, 257, 300, 512, 513, 599, 600, 601}) {
      for (Order order : Order.values()) {
        try (Stream<EntryMetadata> stream = store.query().orderBy(order).limit(limit).stream()) {
          assertThat(stream.count()).as("%s %d", order, limit).isEqualTo(Math.min(limit, 600));
        }
      }
    }
    assertThat(store.stats().openSnapshots()).isZero();
  }

  @Test
  void whereSizesAreEqualKeysDecideInTheOrderOfKeys() {
    List<String> keys = List.of("a", "z", "\uff5e", "\ud83d\ude00");
    for (String key : keys) {
      store.set(key, new byte[3]);
    }
    for (int flushes = 0; flushes < 2; flushes++) {
      assertThat(store.query().orderBy(Order.SIZE).keys()).isEqualTo(keys);
      store.flush();
    }
  }

  @Test
  void aCountMindsWhatIsAskedForBesideTags() {
    SetOptions tagged = SetOptions.tags("t");
    store.set("early", new byte[3], tagged);
    time.advance(Duration.ofSeconds(10));
    store.set("late", new byte[5], tagged.withTtl(Duration.ofMinutes(1)));
    time.advance(Duration.ofSeconds(10));
    store.set("early", new byte[3], tagged);
    Instant between = time.now().minusSeconds(15);
    Query query = store.query().allTags("t");

    for (int flushes = 0; flushes < 2; flushes++) {
      assertThat(query.count()).isEqualTo(2);
      assertThat(query.createdSince(between).count()).isEqualTo(1);
      assertThat(query.createdBefore(between).count()).isEqualTo(1);
      assertThat(query.updatedBefore(between).count()).isZero();
      assertThat(query.updatedSince(between).count()).isEqualTo(2);
      assertThat(query.expiringBefore(Instant.MAX).count()).isEqualTo(1);
      assertThat(query.expiringSince(Instant.MIN).count()).isEqualTo(1);
      assertThat(query.sizeBetween(4, 9).count()).isEqualTo(1);
      assertThat(query.prefix("l").count()).isEqualTo(1);
      assertThat(query.range("f", null).count()).isEqualTo(1);
      assertThat(query.range(null, "f").count()).isEqualTo(1);
      store.flush();
    }
  }

  @Test
  void aCursorIsRefusedWhateverByteOfItIsAnother() {
    set("a", "b");
    byte[] cursor = bytes(cursor());
    for (int at = 0; at < cursor.length; at++) {
      byte[] other = cursor.clone();
      other[at] ^= 1;
      expectRefused(text(other), "it is no cursor, or was changed or cut off");
    }
    expectRefused(text(signed(new byte[0])), "it is no cursor, or was changed or cut off");
  }

  @Test
  void aCursorOfAVersionToComeIsRefusedAsThat() {
    set("a", "b");
    byte[] cursor = bytes(cursor());
    byte[] later = Arrays.copyOf(cursor, cursor.length - Integer.BYTES);
    assertThat(signed(later)).isEqualTo(cursor);
    later[0]++;

    expectRefused(text(signed(later)), "it is of another version of the library");
  }

  /** No key is empty, and so none is where a page ends. */
  @Test
  void aCursorWithoutAKeyIsNone() {
    set("a", "b");
    byte[] cursor = bytes(cursor());
    byte[] without = Arrays.copyOf(cursor, cursor.length - Integer.BYTES - "a".length());

    expectRefused(text(signed(without)), "it is no cursor, or was changed or cut off");
  }

  private String cursor() {
    return Objects.requireNonNull(store.query().limit(1).page().cursor());
  }

  private void expectRefused(String cursor, String reason) {
    assertThatThrownBy(() -> store.query().after(cursor).page())
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  private static byte[] bytes(String cursor) {
    return Base64.getUrlDecoder().decode(cursor);
  }

  private static String text(byte[] cursor) {
    return new String(Base64.getUrlEncoder().withoutPadding().encode(cursor), ISO_8859_1);
  }

  /** As a version of the library would end it. */
  private static byte[] signed(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, content.length);
    return ByteBuffer.allocate(content.length + Integer.BYTES)
        .put(content)
        .putInt((int) crc.getValue())
        .array();
  }
}
