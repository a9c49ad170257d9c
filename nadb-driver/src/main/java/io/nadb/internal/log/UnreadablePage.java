package io.nadb.internal.log;

import io.nadb.NadbException;
import io.nadb.internal.log.segment.SegmentSet;
import java.nio.file.Path;

/**
 * The error as which a page of a file comes that can't be read. The JVM throws it a little later
 * than it happens, so it is caught around everything that reads.
 */
final class UnreadablePage {

  private UnreadablePage() {}

  /** Explains the error to who has asked something of a log. */
  static NadbException in(SegmentSet state, InternalError e) {
    return in(state.directory(), e);
  }

  static NadbException in(Path directory, InternalError e) {
    return new NadbException(
        directory
            + ": reading a segment failed: the disk has an error there, or another program has cut"
            + " the file",
        e);
  }
}
