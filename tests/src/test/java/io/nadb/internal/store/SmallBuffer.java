package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.Durability;
import io.nadb.spi.Write;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A write buffer with room for two thousand bytes, and writers that may have to wait for it. */
abstract class SmallBuffer {
  static final int CAP = 2048;
  static final long NOW = 1000;

  final VirtualTime time = new VirtualTime();
  final WriteBuffer buffer = buffer(Durability.BUFFERED);

  WriteBuffer buffer(Durability durability) {
    return new WriteBuffer(
        new EngineSettings(
            "test",
            CAP / 2,
            Optional.empty(),
            Optional.empty(),
            durability,
            Duration.ofSeconds(30)),
        time,
        0,
        () -> {});
  }

  static WriteBatch set(String key, int bytes) {
    return WriteBatch.set("n", key, new byte[bytes], Set.of(), NOW, Write.NEVER);
  }

  static Write write(int bytes) {
    return Write.set(0, new byte[bytes], Set.of(), NOW, true, NOW, Write.NEVER);
  }

  static WriteBatch deletes(String... keys) {
    Map<String, Write> writes = new LinkedHashMap<>();
    for (String key : keys) {
      writes.put(key, Write.delete(0, NOW));
    }
    return WriteBatch.unlimited(Map.of("n", writes), List.of());
  }

  Thread writer(Proposal proposal) {
    Thread thread = new Thread(() -> buffer.commit(proposal));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Nullable Write latest(String key) {
    return buffer.layers().latest("n", key);
  }

  void flush() {
    assertThat(buffer.seal()).isNotNull();
    buffer.drop();
  }
}
