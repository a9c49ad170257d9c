package io.nadb.testkit;

import io.nadb.TimeSource;
import io.nadb.spi.BackendStats;
import io.nadb.spi.Cut;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend that writes down which cuts it takes and fails as the faults say; once its process has
 * crashed, it takes everything and changes nothing.
 */
class RecordingBackend implements StorageBackend {
  private final StorageBackend real;
  private final DurabilityOracle location;
  private final SimulatedProcess life;

  RecordingBackend(StorageBackend real, DurabilityOracle location, SimulatedProcess life) {
    this.real = real;
    this.location = location;
    this.life = life;
  }

  static RecordingBackend open(
      StorageBackend real, DurabilityOracle location, SimulatedProcess life) throws IOException {
    check(real, location, life);
    return new RecordingBackend(real, location, life);
  }

  /**
   * Checks what a backend has found against what was known; closes it if that does not fit, or if
   * its process has crashed while it was being opened, and what it found means nothing.
   */
  static void check(StorageBackend real, DurabilityOracle location, SimulatedProcess life)
      throws IOException {
    try {
      if (life.disk().whileAlive(() -> opened(real, location))) {
        return;
      }
    } catch (AssertionError e) {
      try (real) {
        throw e;
      }
    }
    try (real) {
      life.checkAlive();
    }
  }

  private static void opened(StorageBackend real, DurabilityOracle location) {
    if (real.numbersAnew()) {
      location.startAnew();
    }
    location.opened(real.recoveredSequence());
  }

  @Override
  public long recoveredSequence() {
    return real.recoveredSequence();
  }

  @Override
  public boolean numbersAnew() {
    return real.numbersAnew();
  }

  @Override
  public int maxValueBytes() {
    return real.maxValueBytes();
  }

  @Override
  public InstantSource clock(TimeSource time) {
    return real.clock(time);
  }

  @Override
  public void apply(Cut cut, boolean sync) throws IOException {
    location.applying(cut);
    life.faults().pass(Operation.APPLY, location.place());
    if (life.isOver()) {
      return;
    }
    real.apply(cut, sync);
    if (!life.isOver()) {
      location.applied(cut, sync);
    }
  }

  @Override
  public void sync() throws IOException {
    life.faults().pass(Operation.APPLY, location.place());
    if (life.isOver()) {
      return;
    }
    real.sync();
    if (!life.isOver()) {
      location.synced();
    }
  }

  @Override
  public void checkLocation() throws IOException {
    if (!life.isOver()) {
      real.checkLocation();
    }
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    life.faults().pass(Operation.READ, key);
    return real.value(namespace, key, now);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
    life.faults().pass(Operation.READ, key);
    return real.entry(namespace, key);
  }

  @Override
  public void scan(String namespace, String prefix, Consumer<StoredEntry> each) throws IOException {
    real.scan(namespace, prefix, each);
  }

  @Override
  public List<StoredEntry> tagged(String namespace, Set<String> tags) throws IOException {
    return real.tagged(namespace, tags);
  }

  @Override
  public void eachTagged(String namespace, Consumer<StoredEntry> each) throws IOException {
    real.eachTagged(namespace, each);
  }

  @Override
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit)
      throws IOException {
    return real.expired(namespace, now, limit);
  }

  @Override
  public Progress prepareExpired() throws IOException {
    return real.prepareExpired();
  }

  @Override
  public void prepareQueries() throws IOException {
    real.prepareQueries();
  }

  @Override
  public boolean maintain(boolean idle) throws IOException {
    return !life.isOver() && real.maintain(idle);
  }

  @Override
  public long earliestExpiry() {
    return real.earliestExpiry();
  }

  @Override
  public void rest() {
    if (!life.isOver()) {
      real.rest();
    }
  }

  @Override
  public long resumesAt() {
    return real.resumesAt();
  }

  @Override
  public BackendStats stats() {
    return real.stats();
  }

  @Override
  public void close() throws IOException {
    real.close();
  }
}
