package io.nadb.internal.store;

import io.nadb.internal.store.WriteBuffer.Layers;

/**
 * How much is buffered.
 *
 * @param keys how many keys
 * @param bytes how many bytes they are charged with
 * @param oldest when the oldest write was made, in milliseconds since 1970; 0 if there is none
 */
record BufferUsage(long keys, long bytes, long oldest) {

  static BufferUsage of(Layers layers) {
    MemTable active = layers.active();
    MemTable sealed = layers.sealed();
    return sealed == null
        ? new BufferUsage(active.size(), active.bytes(), active.oldest())
        : new BufferUsage(
            active.size() + sealed.size(), active.bytes() + sealed.bytes(), sealed.oldest());
  }

  /** Says that all of it is lost. */
  String lostAfter(long sequence) {
    return writtenAfter(sequence) + (keys == 1 ? " is lost: " : " are lost: ");
  }

  /** Says that all of it is in a spool. */
  String keptAfter(long sequence, String spool) {
    return writtenAfter(sequence)
        + (keys == 1 ? " is in the spool " : " are in the spool ")
        + spool
        + " and will be sent to the server when the store is opened again: ";
  }

  private String writtenAfter(long sequence) {
    return keys
        + (keys == 1 ? " key (" : " keys (")
        + bytes
        + " bytes) written after sequence number "
        + sequence;
  }
}
