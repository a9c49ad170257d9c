package io.nadb.registry;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreLockedException;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory belongs to one process at a time. */
class ProcessLockIT {
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  @TempDir private Path directory;

  /** Opens a store, flushes a write, and holds it until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (KeyValueStore store = NadbDriverManager.open(arguments[0])) {
        store.set("k", utf8("from the other"));
        store.flush();
        System.out.println("open");
        System.in.read();
      }
    }
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private String url() {
    return "nadb:fs:" + directory;
  }

  @Test
  void anotherProcessIsNamedByPidAndHost() throws Exception {
    try (ChildJvm holder = ChildJvm.start(Holder.class, url())) {
      assertThat(holder.line()).isEqualTo("open");
      Path hostName = Path.of("/proc/sys/kernel/hostname");
      String host =
          Files.exists(hostName)
              ? Files.readString(hostName).strip()
              : InetAddress.getLocalHost().getHostName();

      assertThatThrownBy(() -> registry.open(url()))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageStartingWith(
              "%s/main is already open by another process (pid %d on host %s, since ",
              directory.toRealPath(), holder.pid(), host)
          .hasMessageEndingWith("; one process at a time can use it");
      assertThat(registry.status().running()).isFalse();

      holder.release();
      assertThat(holder.exitCode()).isZero();
      assertThat(text(registry.open(url()), "k")).contains("from the other");
    }
  }

  @Test
  void aKilledProcessHoldsNothing() throws Exception {
    try (ChildJvm holder = ChildJvm.start(Holder.class, url())) {
      assertThat(holder.line()).isEqualTo("open");
      holder.kill();

      assertThat(text(registry.open(url()), "k")).contains("from the other");
    }
  }

  @Test
  void aRefusedOpeningDoesNotDropTheLockOfThisProcess() throws Exception {
    registry.open(url());
    try (StoreRegistry other = StoreRegistry.create(new VirtualTime())) {
      assertThatThrownBy(() -> other.open(url())).isInstanceOf(StoreLockedException.class);
    }
    try (ChildJvm holder = ChildJvm.start(Holder.class, url())) {
      assertThat(holder.line()).as("it does not get in").isEmpty();
      assertThat(holder.exitCode()).isNotZero();
    }
  }
}
