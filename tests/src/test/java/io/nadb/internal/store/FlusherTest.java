package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.Durability;
import io.nadb.FlushCause;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.internal.watch.Origin;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import io.nadb.testkit.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FlusherTest {
  private final VirtualTime time = new VirtualTime();
  private final EngineSettings settings =
      new EngineSettings(
          "test",
          1 << 20,
          Optional.empty(),
          Optional.empty(),
          Durability.WRITTEN,
          Duration.ofSeconds(30));
  private final WriteBuffer buffer = new WriteBuffer(settings, time, 0, () -> {});
  private final CountDownLatch writing = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final Flusher flusher =
      new Flusher(
          settings,
          time,
          buffer,
          firstWriteWaits(new MemoryBackend()),
          new StoreProbe(
              new Origin(
                  "test",
                  "nadb:mem:test",
                  List.of(),
                  this,
                  () -> {
                    throw new AssertionError("nobody asks");
                  },
                  time)));

  private StorageBackend firstWriteWaits(StorageBackend backend) {
    return (StorageBackend)
        Proxy.newProxyInstance(
            FlusherTest.class.getClassLoader(),
            new Class<?>[] {StorageBackend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("apply")) {
                writing.countDown();
                released.await();
              }
              return method.invoke(backend, arguments);
            });
  }

  private Thread writer(String key) {
    long sequence = buffer.commit(WriteBatch.set("n", key, new byte[1], Set.of(), 0, Write.NEVER));
    Thread thread = new Thread(() -> flusher.writeThrough(sequence));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  void aFlushThatFindsAWriterAtItIsDoneByTheNextOne() throws InterruptedException {
    Thread first = writer("a");
    writing.await();
    assertThat(flusher.flushQuietly(FlushCause.INTERVAL, 0)).as("done").isFalse();
    Thread second = writer("b");
    released.countDown();
    first.join();
    second.join();
    assertThat(flusher.durable().sequence()).isEqualTo(2);
    assertThat(flusher.figures().lastCause()).isEqualTo(FlushCause.INTERVAL);

    writer("c").join();
    assertThat(flusher.durable().sequence()).as("merely written").isEqualTo(2);
    assertThat(flusher.flushQuietly(FlushCause.INTERVAL, 0)).as("done").isTrue();
    assertThat(flusher.figures().count()).as("flushes for the one that was due").isEqualTo(1);

    assertThat(flusher.flushQuietly(FlushCause.INTERVAL, 0)).as("the next").isTrue();
    assertThat(flusher.durable().sequence()).isEqualTo(3);
  }
}
