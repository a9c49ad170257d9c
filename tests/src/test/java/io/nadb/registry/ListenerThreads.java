package io.nadb.registry;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.Registration;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.testing.ForwardingTime;
import io.nadb.testing.Warnings;
import io.nadb.testkit.Hold;
import io.nadb.testkit.VirtualTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A registry whose listeners may hang, and which background threads it has. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ListenerThreads {
  final VirtualTime time = new VirtualTime();
  final List<String> threads = new CopyOnWriteArrayList<>();
  final StoreRegistry registry = StoreRegistry.create(new NamedThreads(time, threads));
  final List<String> told = new CopyOnWriteArrayList<>();
  final Hold hold = time.newHold();
  final Warnings warnings = Warnings.listen();

  /** Knows which background threads there are. */
  private static final class NamedThreads extends ForwardingTime {
    private final List<String> names;

    NamedThreads(TimeSource real, List<String> names) {
      super(real);
      this.names = names;
    }

    @Override
    public Alarm newAlarm(String owner) {
      Alarm alarm = super.newAlarm(owner);
      String name = owner.replaceFirst("-\\d+", "");
      names.add(name);
      return new Alarm() {
        @Override
        public void awaitUntil(long deadlineNanos) throws InterruptedException {
          alarm.awaitUntil(deadlineNanos);
        }

        @Override
        public void ring() {
          alarm.ring();
        }

        @Override
        public void close() {
          names.remove(name);
          alarm.close();
        }
      };
    }
  }

  @AfterEach
  void close() {
    hold.release();
    registry.close();
    assertThat(threads).as("threads that outlive the registry").isEmpty();
  }

  KeyValueStore open(String... options) {
    return registry.open(
        "nadb:mem:m" + (options.length == 0 ? "" : "?" + String.join("&", options)),
        Map.of("flush", "off", "sweep", "off"));
  }

  static void remove(KeyValueStore store, String... keys) {
    for (String key : keys) {
      store.set(key, utf8("v"));
      store.delete(key);
    }
  }

  /** A listener that hangs until the hold is released. */
  Registration hang(KeyValueStore store) {
    return store.onRemoval(
        removal -> {
          hold.pass();
          told.add(removal.key());
        });
  }

  static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    new Thread(task).start();
    return task;
  }
}
