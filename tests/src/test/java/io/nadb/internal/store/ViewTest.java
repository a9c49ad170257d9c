package io.nadb.internal.store;

import static io.nadb.testing.Bytes.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.NadbException;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.spi.BackendView;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.Write;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a view of the buffer keeps, for how long, and what it costs while there is none. */
class ViewTest {
  private final MemoryBackend backend = new MemoryBackend();
  private final WriteBuffer buffer = buffer();

  private static WriteBuffer buffer() {
    return new WriteBuffer(
        new EngineSettings(
            "test",
            1 << 20,
            Optional.empty(),
            Optional.empty(),
            Durability.BUFFERED,
            Duration.ofSeconds(30)),
        new VirtualTime(),
        0,
        () -> {});
  }

  private View open() {
    return buffer.view(backend::view);
  }

  private void set(String key, String value) {
    buffer.commit(WriteBatch.set("n", key, utf8(value), Set.of(), 0, Write.NEVER));
  }

  private static @Nullable String value(View view, String key) {
    Write write = view.buffered("n", key);
    return write == null ? null : new String(write.value(), UTF_8);
  }

  @Test
  void anOverwriteIsKeptOncePerKeyAndOnlyForTheViewsThatSawIt() {
    set("a", "1");
    View first = open();
    for (int i = 2; i < 100; i++) {
      set("a", "" + i);
    }
    View second = open();
    set("b", "new");
    set("b", "newer");
    set("a", "last");

    assertThat(value(first, "a")).isEqualTo("1");
    assertThat(value(second, "a")).isEqualTo("99");
    assertThat(value(first, "b")).isNull();
    assertThat(value(second, "b")).isNull();
    assertThat(first.kept()).isEqualTo(1);
    assertThat(second.kept()).isEqualTo(1);
    first.close();
    second.close();
  }

  @Test
  void allViewsThatSawAWriteKeepIt() {
    set("a", "1");
    View first = open();
    View second = open();
    set("a", "2");
    assertThat(value(first, "a")).isEqualTo("1");
    assertThat(value(second, "a")).isEqualTo("1");
    first.close();
    second.close();
  }

  @Test
  void whatHasBeenReplacedIsKeptByOpenViewsAloneWhicheverIsClosedFirst() {
    set("a", "1");
    View first = open();
    View second = open();
    second.close();
    second.close();
    set("a", "2");
    assertThat(first.kept()).isEqualTo(1);
    assertThat(second.kept()).isZero();
    View third = open();
    first.close();
    set("a", "3");
    assertThat(first.kept()).isEqualTo(1);
    assertThat(value(third, "a")).isEqualTo("2");
    third.close();
    assertThat(buffer.views()).isZero();
  }

  @Test
  void aViewSeesItsLayersThroughSealsMergesAndDrops() {
    set("a", "sealed");
    buffer.seal();
    set("b", "active");
    View view = open();
    set("a", "later");
    buffer.seal(); // The flush failed: both are one cut now.
    set("b", "later");
    set("a", "latest");
    buffer.drop();
    set("a", "last");

    assertThat(value(view, "a")).isEqualTo("sealed");
    assertThat(value(view, "b")).isEqualTo("active");
    assertThat(
            view.buffered("n").entrySet().stream()
                .collect(
                    Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().value().length)))
        .isEqualTo(Map.of("a", 6, "b", 6));
    view.close();
  }

  private static WriteBatch batch(Map<String, Write> writes) {
    return WriteBatch.unlimited(Map.of("n", writes), List.of());
  }

  @Test
  void aViewSeesNothingOfALaterBatchAndWhatThatReplaced() {
    set("a", "1");
    View view = open();
    Write second = Write.set(0, utf8("2"), Set.of(), 0, true, 0, Write.NEVER);
    buffer.commit(batch(Map.of("a", second, "b", second)));
    assertThat(value(view, "a")).isEqualTo("1");
    assertThat(value(view, "b")).isNull();
    assertThat(view.buffered("n")).containsOnlyKeys("a");
    view.close();
    try (View later = open()) {
      assertThat(value(later, "a")).isEqualTo("2");
      assertThat(value(later, "b")).isEqualTo("2");
    }
  }

  @Test
  void aViewSeesNothingOfABatchThatFailed() {
    Map<String, Write> broken = new LinkedHashMap<>();
    broken.put("a", Write.delete(0, 0));
    broken.put("b", null);
    assertThatThrownBy(() -> buffer.commit(batch(broken))).isInstanceOf(NullPointerException.class);
    try (View view = open()) {
      assertThat(view.buffered("n", "a")).isNull();
      assertThat(view.buffered("n")).isEmpty();
    }
  }

  @Test
  void anAnswerThatFailsInItsMidstLetsGoOfEverything() {
    AtomicInteger open = new AtomicInteger();
    LayeredReader reader =
        new LayeredReader(
            "store",
            buffer,
            new ForwardingBackend(backend) {
              @Override
              public BackendView view(long sequence) {
                open.incrementAndGet();
                return failing(super.view(sequence), open);
              }
            });
    set("a", "1");
    assertThatThrownBy(() -> reader.keys("n", "", 0)).isInstanceOf(NadbException.class);
    assertThatThrownBy(() -> reader.tagged("n", Set.of("t"), 0)).isInstanceOf(NadbException.class);
    assertThatThrownBy(() -> reader.tagCounts("n", 0)).isInstanceOf(NadbException.class);
    assertThat(buffer.views()).isZero();
    assertThat(open).hasValue(0);
  }

  /** A view whose answers fail, and that counts itself out. */
  private static BackendView failing(BackendView real, AtomicInteger open) {
    return (BackendView)
        Proxy.newProxyInstance(
            BackendView.class.getClassLoader(),
            new Class<?>[] {BackendView.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("close")) {
                throw new IOException("no");
              }
              real.close();
              open.decrementAndGet();
              return null;
            });
  }

  @Test
  void aViewThatTheBackendRefusesIsNotOpen() {
    IllegalStateException closed = new IllegalStateException("closed");
    assertThatThrownBy(
            () ->
                buffer.view(
                    sequence -> {
                      throw closed;
                    }))
        .isSameAs(closed);
    assertThat(buffer.views()).isZero();
    set("a", "1");
  }
}
