package io.nadb.jcache;

import java.util.Objects;
import javax.cache.processor.MutableEntry;
import org.jspecify.annotations.Nullable;

/** The entry that an entry processor sees; what it has done to it takes place when it returns. */
final class ProcessedEntry<K, V> implements MutableEntry<K, V> {

  /** What comes of the processor's calls. */
  enum Outcome {
    NOTHING,
    READ,
    LOADED,
    WRITTEN,
    REMOVED
  }

  private final Slot<K, V> slot;
  private final ReadThrough<K, V> loader;
  private final TypeCheck<K, V> types;
  private final boolean existed;
  private Outcome outcome = Outcome.NOTHING;
  private @Nullable V value;

  ProcessedEntry(Slot<K, V> slot, ReadThrough<K, V> loader, TypeCheck<K, V> types) {
    this.slot = slot;
    this.loader = loader;
    this.types = types;
    this.existed = slot.exists();
  }

  @Override
  public K getKey() {
    return slot.key();
  }

  @Override
  public boolean exists() {
    return switch (outcome) {
      case NOTHING, READ -> existed;
      case LOADED, WRITTEN -> true;
      case REMOVED -> false;
    };
  }

  @Override
  public @Nullable V getValue() {
    if (outcome == Outcome.NOTHING) {
      if (existed) {
        value = slot.value();
        outcome = Outcome.READ;
      } else if (loader.onRead()) {
        value = loader.load(slot.key());
        outcome = value == null ? Outcome.NOTHING : Outcome.LOADED;
      }
    }
    return value;
  }

  @Override
  public void setValue(V newValue) {
    types.value(newValue);
    value = newValue;
    outcome = Outcome.WRITTEN;
  }

  /** An entry that was there only within the processor leaves no trace. */
  @Override
  public void remove() {
    boolean onlyHere = !existed && (outcome == Outcome.WRITTEN || outcome == Outcome.LOADED);
    value = null;
    outcome = onlyHere ? Outcome.NOTHING : Outcome.REMOVED;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type);
  }

  boolean existed() {
    return existed;
  }

  /** Does to the slot what the processor has done to this entry, after the writer. */
  Outcome finish(WriteThrough<K, V> writer, ValueCodec<V> values) {
    switch (outcome) {
      case NOTHING -> {}
      case READ -> slot.access();
      case LOADED -> slot.write(values.encode(Objects.requireNonNull(value)));
      case WRITTEN -> {
        V written = Objects.requireNonNull(value);
        writer.write(slot.key(), written);
        if (!slot.write(values.encode(written))) {
          return Outcome.NOTHING;
        }
      }
      case REMOVED -> {
        writer.delete(slot.key());
        if (!slot.remove()) {
          return Outcome.NOTHING;
        }
      }
    }
    return outcome;
  }
}
