package io.nadb.internal.store;

import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.Write;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch of several writes on its way into the buffer, for whoever holds its lock: what may fail,
 * as for want of memory, is done when it is made, before any of the writes shows.
 */
final class PendingBatch {
  private final PendingWrites visible;
  private final PendingWrites apart;
  private final @Nullable BatchRemovals removals;
  private final long last;

  /**
   * Numbers the writes and finds their places.
   *
   * @param unwritten where they are kept apart, too, if that is done
   * @param sequence the number of the last write before
   */
  PendingBatch(WriteBatch.Several batch, Layers layers, Unwritten unwritten, long sequence) {
    batch.complete(layers);
    int size = batch.size();
    visible = new PendingWrites(layers.active(), size);
    apart = new PendingWrites(unwritten.writes(), unwritten.isTracked() ? size : 0);
    removals = batch.removals();
    long number = sequence;
    for (Map.Entry<String, Map<String, Write>> namespace : batch.writes().entrySet()) {
      for (Map.Entry<String, Write> next : namespace.getValue().entrySet()) {
        Write write = next.getValue().withSequence(++number);
        if (removals != null) {
          removals.note(layers, namespace.getKey(), next.getKey(), write);
        }
        Write placed = visible.add(namespace.getKey(), next.getKey(), write);
        if (unwritten.isTracked()) {
          apart.add(namespace.getKey(), next.getKey(), Creation.alone(write, placed));
        }
      }
    }
    last = number;
  }

  /** The number of the last of the writes. */
  long last() {
    return last;
  }

  /** Shows the writes. */
  void publish() {
    visible.publish();
    apart.publish();
  }

  /** Hands what the writes have removed to those who listen, now that it shows. */
  void tell() {
    if (removals != null) {
      removals.publish();
    }
  }
}
