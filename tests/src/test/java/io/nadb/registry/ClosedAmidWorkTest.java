package io.nadb.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.internal.memory.MemoryBackend;
import io.nadb.spi.Change;
import io.nadb.spi.Commit;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import io.nadb.spi.Write;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that writes at once is closed while its background work asks the server. */
@Timeout(60)
class ClosedAmidWorkTest {
  private final CompletableFuture<KeyValueStore> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> working = new CompletableFuture<>();

  @Test
  void closingIsNoFailureOfTheBackgroundWork() {
    StoreRegistry registry = StoreRegistry.create(TimeSource.system());
    registry.registerDriver(new Driver());
    KeyValueStore store = registry.open("nadb:server:x");
    opened.complete(store);
    working.join();
    store.close();
    registry.close();

    assertThat(registry.status().failures()).isZero();
  }

  private final class Driver implements NadbDriver {
    @Override
    public String scheme() {
      return "server";
    }

    @Override
    public List<Option<?>> options() {
      return List.of();
    }

    @Override
    public boolean writesAtOnce() {
      return true;
    }

    @Override
    public KeyValueStore open(DriverContext context) {
      return context.openStore("x", Server::new);
    }
  }

  /** Has its connection cut by closing. */
  private final class Server extends ForwardingBackend implements DirectBackend {
    Server() {
      super(new MemoryBackend());
    }

    @Override
    public long maintain(Load load) {
      KeyValueStore store = opened.join();
      working.complete(null);
      while (isOpen(store)) {
        Thread.onSpinWait();
      }
      throw new NadbException("the connection was cut");
    }

    private static boolean isOpen(KeyValueStore store) {
      try {
        store.contains("k");
        return true;
      } catch (IllegalStateException e) {
        return false;
      }
    }

    @Override
    public InstantSource clock() {
      return InstantSource.system();
    }

    @Override
    public Removal removeExpired(@Nullable String namespace) {
      return new Removal(0, false);
    }

    @Override
    public void set(String namespace, String key, Write write, SetOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(String namespace, String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Change.Outcome change(String namespace, String key, Change change) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Commit.Seen look(Commit.Name name, boolean withValue) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkTogether(Commit.Name one, Commit.Name other) {}

    @Override
    public Optional<Commit.Name> commit(Commit commit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long clear(String namespace) {
      throw new UnsupportedOperationException();
    }
  }
}
