package io.nadb.spi;

import io.nadb.ChangeKind;
import java.io.IOException;
import java.util.Objects;

/**
 * What a cut has made of a key.
 *
 * @since 0.1.0
 */
public final class StoredChange {
  private final String namespace;
  private final ChangeKind kind;
  private final StoredEntry entry;
  private final Value value;

  /** Reads a value when it is asked for. */
  @FunctionalInterface
  public interface Value {
    /**
     * Returns an array of the caller's own.
     *
     * @throws CutsLostException if it is not kept any more
     * @throws io.nadb.CorruptStoreException if it is damaged
     */
    byte[] read() throws IOException;
  }

  /**
   * Creates one.
   *
   * @param entry what the key has from then on; for a key that is gone, only key, number and times
   *     mean something
   * @param value reads the value; called for {@link ChangeKind#SET} only
   */
  public StoredChange(String namespace, ChangeKind kind, StoredEntry entry, Value value) {
    this.namespace = Objects.requireNonNull(namespace, "namespace");
    this.kind = Objects.requireNonNull(kind, "kind");
    this.entry = Objects.requireNonNull(entry, "entry");
    this.value = Objects.requireNonNull(value, "value");
  }

  public String namespace() {
    return namespace;
  }

  public ChangeKind kind() {
    return kind;
  }

  /** What the key has from then on; for a key that is gone, only key, number and times count. */
  public StoredEntry entry() {
    return entry;
  }

  /** Reads the value of a key that was set, into an array of the caller's own. */
  public byte[] value() throws IOException {
    return value.read();
  }
}
