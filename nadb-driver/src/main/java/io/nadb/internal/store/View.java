package io.nadb.internal.store;

import io.nadb.internal.store.MemTable.Slot;
import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.BackendView;
import io.nadb.spi.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a store held at one moment: all writes up to a sequence number and none after it, whatever
 * is written, flushed and compacted meanwhile; to be closed soon, since it keeps what it needs for
 * that.
 *
 * <p>It is opened under the buffer's lock: the layers, the number and the backend's view are of one
 * moment. A write that is in the layers counts, whatever the backend has: a layer leaves only after
 * the backend has it, and a flush that is under way may have applied it or not. Of what comes
 * later, the layers and the backend tell this view what it replaces ({@link OpenViews}).
 */
final class View implements AutoCloseable {
  private final OpenViews views;
  private final long sequence;
  private final Layers layers;
  private final BackendView stored;

  /** What has been replaced since in the layers. */
  private final Map<Slot, Write> replaced = new ConcurrentHashMap<>();

  private final LongAdder keptBytes = new LongAdder();

  View(OpenViews views, long sequence, Layers layers, BackendView stored) {
    this.views = views;
    this.sequence = sequence;
    this.layers = layers;
    this.stored = stored;
  }

  /** Makes a view of what the backend held long ago: nothing that is buffered shows in it. */
  static View ofPast(long sequence, BackendView stored) {
    OpenViews alone = new OpenViews(new ReentrantLock());
    return new View(alone, sequence, new Layers(new MemTable(null, null), null), stored);
  }

  /** All writes up to this one show, and none after it. */
  long sequence() {
    return sequence;
  }

  /** What the backend had; it counts for keys that have no write in the layers. */
  BackendView stored() {
    return stored;
  }

  /** Is told of a write that is about to be replaced, by whoever holds the buffer's lock. */
  void keep(Slot slot, Write write) {
    if (replaced.putIfAbsent(slot, write) == null) {
      keptBytes.add(MemTable.charge(slot.key(), write));
    }
  }

  /** How many writes are held that have been replaced since. */
  int kept() {
    return replaced.size();
  }

  /**
   * How many bytes are kept that without this view would not be, roughly: of files, nothing counts.
   *
   * @param now the layers that the store has without it
   */
  long keptBytes(Layers now) {
    long bytes = keptBytes.sum() + stored.keptBytes();
    return bytes + goneBytes(layers.active(), now) + goneBytes(layers.sealed(), now);
  }

  private static long goneBytes(@Nullable MemTable layer, Layers now) {
    return layer == null || layer == now.active() || layer == now.sealed() ? 0 : layer.bytes();
  }

  /** The latest write of a key in the layers; null if the backend has it, or if there is none. */
  @Nullable Write buffered(String namespace, String key) {
    Write write = layers.active().get(namespace, key, this);
    return write == null ? sealed(namespace, key) : write;
  }

  /** The latest write of a key in the layer that was being flushed, if there was one. */
  @Nullable Write sealed(String namespace, String key) {
    MemTable sealed = layers.sealed();
    return sealed == null ? null : sealed.get(namespace, key, this);
  }

  /** The latest writes of a namespace in the layers, by key. */
  Map<String, Write> buffered(String namespace) {
    Map<String, Write> writes = new HashMap<>();
    forEachBuffered(namespace, writes::put);
    return writes;
  }

  /** Shows the latest write of each key of a namespace that is in the layers, in no order. */
  void forEachBuffered(String namespace, BiConsumer<String, Write> each) {
    MemTable sealed = layers.sealed();
    if (sealed != null) {
      sealed.forEach(
          namespace,
          this,
          (key, write) -> {
            if (layers.active().get(namespace, key, this) == null) {
              each.accept(key, write);
            }
          });
    }
    layers.active().forEach(namespace, this, each);
  }

  /** The write that a slot had; null if it had none. */
  @Nullable Write in(Slot slot) {
    Write write = slot.write(); // First: what replaces another is there only once that is kept.
    return write == null || write.sequence() <= sequence ? write : replaced.get(slot);
  }

  /** Lets go of all that is kept for this; a second call does nothing. */
  @Override
  public void close() {
    try {
      stored.close();
    } finally {
      views.remove(this);
    }
  }
}
