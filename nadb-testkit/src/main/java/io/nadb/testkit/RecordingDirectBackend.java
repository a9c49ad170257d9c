package io.nadb.testkit;

import io.nadb.SetOptions;
import io.nadb.spi.Change;
import io.nadb.spi.Commit;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backend for single writes that fails as the faults say; once its process has crashed, it takes
 * every write and changes nothing.
 */
final class RecordingDirectBackend extends RecordingBackend implements DirectBackend {
  private final DirectBackend real;
  private final DurabilityOracle location;
  private final SimulatedProcess life;

  RecordingDirectBackend(DirectBackend real, DurabilityOracle location, SimulatedProcess life) {
    super(real, location, life);
    this.real = real;
    this.location = location;
    this.life = life;
  }

  @Override
  public InstantSource clock() {
    return real.clock();
  }

  @Override
  public void set(String namespace, String key, Write write, SetOptions options)
      throws IOException {
    begin();
    if (!life.isOver()) {
      real.set(namespace, key, write, options);
    }
  }

  @Override
  public boolean delete(String namespace, String key) throws IOException {
    begin();
    return !life.isOver() && real.delete(namespace, key);
  }

  /**
   * After the end each change is taken for made, or who waits for that would try for ever. A store
   * with a buffer has changes made here, too, so this tells nothing of where its writes are.
   */
  @Override
  public Change.Outcome change(String namespace, String key, Change change) throws IOException {
    life.faults().pass(Operation.APPLY, location.place());
    return life.isOver() ? new Change.Outcome(true, null, 0) : real.change(namespace, key, change);
  }

  @Override
  public Commit.Seen look(Commit.Name name, boolean withValue) throws IOException {
    return real.look(name, withValue);
  }

  @Override
  public void checkTogether(Commit.Name one, Commit.Name other) {
    real.checkTogether(one, other);
  }

  /** As {@link #change}; what only compares passes like any question. */
  @Override
  public Optional<Commit.Name> commit(Commit commit) throws IOException {
    if (commit.writes().isEmpty()) {
      return real.commit(commit);
    }
    life.faults().pass(Operation.APPLY, location.place());
    return life.isOver() ? Optional.empty() : real.commit(commit);
  }

  @Override
  public long clear(String namespace) throws IOException {
    begin();
    return life.isOver() ? 0 : real.clear(namespace);
  }

  @Override
  public List<StoredValue> readAll(String namespace, Collection<String> keys) throws IOException {
    return real.readAll(namespace, keys);
  }

  @Override
  public void copyIn(String namespace, Collection<StoredValue> entries) throws IOException {
    life.faults().pass(Operation.APPLY, location.place());
    if (!life.isOver()) {
      real.copyIn(namespace, entries);
    }
  }

  @Override
  public Removal removeExpired(@Nullable String namespace) throws IOException {
    return life.isOver() ? new Removal(0, false) : real.removeExpired(namespace);
  }

  private void begin() throws IOException {
    life.faults().pass(Operation.APPLY, location.place());
    location.writing();
  }
}
