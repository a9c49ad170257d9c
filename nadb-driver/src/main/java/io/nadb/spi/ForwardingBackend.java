package io.nadb.spi;

import io.nadb.TimeSource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend that passes every call on to another one: the base of all that stand before one, since
 * it also passes on what {@link StorageBackend} has a default for, which a wrapper of its own would
 * drop without a word.
 */
public abstract class ForwardingBackend implements StorageBackend {
  private final StorageBackend backend;

  /** Creates a backend that passes calls on to {@code backend}. */
  protected ForwardingBackend(StorageBackend backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
  }

  @Override
  public long recoveredSequence() {
    return backend.recoveredSequence();
  }

  @Override
  public boolean numbersAnew() {
    return backend.numbersAnew();
  }

  @Override
  public int maxValueBytes() {
    return backend.maxValueBytes();
  }

  @Override
  public InstantSource clock(TimeSource time) {
    return backend.clock(time);
  }

  @Override
  public void apply(Cut cut, boolean sync) throws IOException {
    backend.apply(cut, sync);
  }

  @Override
  public void sync() throws IOException {
    backend.sync();
  }

  @Override
  public void checkLocation() throws IOException {
    backend.checkLocation();
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    return backend.value(namespace, key, now);
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
    return backend.entry(namespace, key);
  }

  @Override
  public BackendView view(long sequence) {
    return backend.view(sequence);
  }

  @Override
  public List<ExpiredKey> expired(@Nullable String namespace, long now, int limit)
      throws IOException {
    return backend.expired(namespace, now, limit);
  }

  @Override
  public Progress prepareExpired() throws IOException {
    return backend.prepareExpired();
  }

  @Override
  public void prepareQueries() throws IOException {
    backend.prepareQueries();
  }

  @Override
  public boolean maintain(boolean idle) throws IOException {
    return backend.maintain(idle);
  }

  @Override
  public long resumesAt() {
    return backend.resumesAt();
  }

  @Override
  public long earliestExpiry() {
    return backend.earliestExpiry();
  }

  @Override
  public void rest() {
    backend.rest();
  }

  @Override
  public BackendStats stats() {
    return backend.stats();
  }

  @Override
  public void close() throws IOException {
    backend.close();
  }
}
