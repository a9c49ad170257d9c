package io.nadb.internal.log;

import io.nadb.spi.StorageIo;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Logs that nobody has opened. */
final class NewLogs {

  private NewLogs() {}

  /** An empty log, whose ids are the same each time. */
  static LogState state(Path directory, StorageIo io) {
    Random random = new Random(1);
    Witness witness = new Witness(directory, io, Identity.anew(random), List.of(), true);
    return new LogState(directory, new ContentSource(Long.MAX_VALUE), witness, random);
  }
}
