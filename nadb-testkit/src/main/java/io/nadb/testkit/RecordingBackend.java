package io.nadb.testkit;

import io.nadb.spi.Cut;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend that writes down which cuts it takes and fails as the faults say; once its process has
 * crashed, it takes everything and changes nothing.
 */
class RecordingBackend extends ForwardingBackend {
  private final DurabilityOracle location;
  private final SimulatedProcess life;

  RecordingBackend(StorageBackend real, DurabilityOracle location, SimulatedProcess life) {
    super(real);
    this.location = location;
    this.life = life;
  }

  static RecordingBackend open(
      StorageBackend real, DurabilityOracle location, SimulatedProcess life) throws IOException {
    check(real, location, life);
    return real instanceof DirectBackend direct
        ? new RecordingDirectBackend(direct, location, life)
        : new RecordingBackend(real, location, life);
  }

  /**
   * Checks what a backend has found against what was known; closes it if that does not fit, or if
   * its process has crashed while it was being opened, and what it found means nothing.
   */
  private static void check(StorageBackend real, DurabilityOracle location, SimulatedProcess life)
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
    OptionalLong recovered = real.recoveredSequence();
    if (recovered.isEmpty()) {
      location.startAnew();
    }
    location.opened(recovered.orElse(0));
  }

  @Override
  public void apply(Cut cut, boolean sync) throws IOException {
    location.applying(cut);
    life.faults().pass(Operation.APPLY, location.place());
    if (life.isOver()) {
      return;
    }
    super.apply(cut, sync);
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
    super.sync();
    if (!life.isOver()) {
      location.synced();
    }
  }

  @Override
  public void checkLocation() throws IOException {
    if (!life.isOver()) {
      super.checkLocation();
    }
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    life.faults().pass(Operation.READ, key);
    return super.value(namespace, key, now);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
    life.faults().pass(Operation.READ, key);
    return super.entry(namespace, key);
  }

  @Override
  public @Nullable StoredValue read(String namespace, String key) throws IOException {
    life.faults().pass(Operation.READ, key);
    return super.read(namespace, key);
  }

  @Override
  public long maintain(Load load) throws IOException {
    return life.isOver() ? Long.MAX_VALUE : super.maintain(load);
  }
}
