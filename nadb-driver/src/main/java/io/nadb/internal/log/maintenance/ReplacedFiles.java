package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.segment.HintFile;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Files that a compaction has replaced, on their way to be deleted, the first one first. */
final class ReplacedFiles {
  /** Small segments are many: with a sync for each they would come faster than they go. */
  private static final int DELETED_AT_ONCE = 16;

  private final Deque<Path> files;

  ReplacedFiles(List<Path> files) {
    this.files = new ArrayDeque<>(files);
  }

  /** Deletes some, with their hints; returns whether there are more. */
  boolean deleteSome(StorageIo io, Path directory) throws IOException {
    if (files.isEmpty()) {
      return false;
    }
    for (int left = DELETED_AT_ONCE; left > 0 && !files.isEmpty(); left--) {
      io.delete(HintFile.of(files.element()));
      io.delete(files.element());
      files.remove();
    }
    io.syncDirectory(directory);
    return !files.isEmpty();
  }
}
