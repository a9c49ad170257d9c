package io.nadb.spi;

import io.nadb.KeyVersion;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend that passes every call on to another one: the base of all that stand before one, since
 * it also passes on what {@link StorageBackend} has a default for, which a wrapper of its own would
 * drop without a word.
 *
 * @since 0.1.0
 */
public abstract class ForwardingBackend implements StorageBackend {
  private final StorageBackend backend;

  /**
   * Creates a backend that passes calls on to {@code backend}.
   *
   * @throws IllegalArgumentException if {@code backend} is a {@link DirectBackend} and this is
   *     none: who opens the store could not tell any more that its writes go out at once
   */
  protected ForwardingBackend(StorageBackend backend) {
    this.backend = Objects.requireNonNull(backend, "backend");
    if (backend instanceof DirectBackend && !(this instanceof DirectBackend)) {
      throw new IllegalArgumentException(
          getClass().getName()
              + " stands before a DirectBackend, "
              + backend.getClass().getName()
              + ", and is none; it must implement DirectBackend, too");
    }
  }

  @Override
  public OptionalLong recoveredSequence() {
    return backend.recoveredSequence();
  }

  @Override
  public int maxValueBytes() {
    return backend.maxValueBytes();
  }

  @Override
  public boolean takesTouches() {
    return backend.takesTouches();
  }

  @Override
  public boolean isReadOnly() {
    return backend.isReadOnly();
  }

  @Override
  public void refresh(Publisher publisher) throws IOException {
    backend.refresh(publisher);
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
  public @Nullable StoredValue read(String namespace, String key) throws IOException {
    return backend.read(namespace, key);
  }

  @Override
  public BackendView view(long sequence) {
    return backend.view(sequence);
  }

  @Override
  public boolean hasHistory() {
    return backend.hasHistory();
  }

  @Override
  public PastView viewAt(long time) throws IOException {
    return backend.viewAt(time);
  }

  @Override
  public List<KeyVersion> versions(String namespace, String key, int limit) throws IOException {
    return backend.versions(namespace, key, limit);
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
  public long maintain(Load load) throws IOException {
    return backend.maintain(load);
  }

  @Override
  public long earliestExpiry() {
    return backend.earliestExpiry();
  }

  @Override
  public Set<String> namespaces() throws IOException {
    return backend.namespaces();
  }

  @Override
  public boolean hasFiles() {
    return backend.hasFiles();
  }

  @Override
  public PinnedFiles pinFiles() throws IOException {
    return backend.pinFiles();
  }

  @Override
  public CompactionRequest compact() throws IOException {
    return backend.compact();
  }

  @Override
  public boolean isInMemory() {
    return backend.isInMemory();
  }

  @Override
  public Optional<CutLog> cuts() {
    return backend.cuts();
  }

  @Override
  public Optional<Journal> journal() {
    return backend.journal();
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
