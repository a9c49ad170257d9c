package io.nadb.internal.log;

import io.nadb.internal.log.format.LogIdentity;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.Witness;
import io.nadb.spi.StorageIo;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Logs that nobody has opened. */
public final class NewLogs {

  private NewLogs() {}

  /** An empty log, whose ids are the same each time. */
  public static SegmentSet state(Path directory, StorageIo io) {
    Random random = new Random(1);
    Witness witness = new Witness(directory, io, LogIdentity.anew(random), List.of(), true);
    return new SegmentSet(directory, new ContentSource(Long.MAX_VALUE), witness, random);
  }
}
