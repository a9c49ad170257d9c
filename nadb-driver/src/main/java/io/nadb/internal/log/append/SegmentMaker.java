package io.nadb.internal.log.append;

import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.Witness;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes the file of a new segment, under another name first: nobody ever meets half a header, or
 * that of an earlier attempt, under the real one.
 *
 * <p>It is listed ({@link Witness}) before it gets a cut. A file that has nothing but a header
 * needs no cleaning up: recovery passes over it, and the next attempt replaces it.
 */
final class SegmentMaker {
  private final SegmentSet state;
  private final StorageIo io;

  SegmentMaker(SegmentSet state, StorageIo io) {
    this.state = state;
    this.io = io;
  }

  /** Makes a file that has a header, all of it on disk. */
  void make(Path file, SegmentHeader header) throws IOException {
    Path unfinished = LogFiles.unfinished(file);
    io.delete(unfinished);
    try (StorageIo.Output output = io.create(unfinished, header.length())) {
      output.write(header.toBytes(), 0, header.length());
      output.sync();
    }
    state.witness().remove(header.ordinal()); // Of an attempt that failed, whose file goes now.
    io.rename(unfinished, file);
    io.syncDirectory(state.directory());
    state.witness().add(header);
  }
}
