package io.nadb.internal.backup;

import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Copies a file's bytes to a new one, brings them to the disk, and sums them up. */
final class FileCopy {
  private static final int PART_BYTES = 256 << 10;

  /** So much is written between two syncs: a disk that has much to do lets others wait. */
  private static final int SYNC_BYTES = 32 << 20;

  private final StorageIo io;
  private final ByteMeter meter;
  private final byte[] part = new byte[PART_BYTES];

  FileCopy(StorageIo io, ByteMeter meter) {
    this.io = io;
    this.meter = meter;
  }

  /** Where the bytes come from. */
  interface Source {
    /** Reads bytes, all of which there must be. */
    void get(long offset, byte[] to, int count) throws IOException;
  }

  /** Has a part be something else in the copy. */
  interface Change {
    /** Changes the first part of a file. */
    void apply(byte[] first);
  }

  /** Copies all; returns the CRC32C of what has been read, before it was changed. */
  int copy(Source source, long length, Path target, Change change) throws IOException {
    return copy(source, length, length, target, change);
  }

  /**
   * Reads all, and copies so many of the first bytes; returns the CRC32C of what has been read,
   * before it was changed.
   */
  int copy(Source source, long length, long kept, Path target, Change change) throws IOException {
    CRC32C crc = new CRC32C();
    try (StorageIo.Output out = io.create(target, 0)) {
      long unsynced = 0;
      for (long at = 0; at < length; ) {
        int count = (int) Math.min(part.length, length - at);
        source.get(at, part, count);
        crc.update(part, 0, count);
        if (at == 0) {
          change.apply(part);
        }
        int written = (int) Math.min(count, kept - at);
        if (written > 0) {
          out.write(part, 0, written);
        }
        at += count;
        unsynced += count;
        meter.add(count);
        if (unsynced >= SYNC_BYTES) {
          out.sync();
          unsynced = 0;
        }
      }
      out.sync();
    }
    return (int) crc.getValue();
  }
}
