package io.nadb.internal.log.recovery;

import io.nadb.NadbException;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentChain;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Opens a log as it is at one moment, without changing anything, while another process may be
 * writing to it.
 *
 * <p>At each moment the directory is what a kill of its owner would leave, and {@link Recovery}
 * knows all of these. But looking at it takes more than a moment: a file that was listed may have
 * gone, or another may have its name, before it is opened. So all files are opened first, which is
 * quick; if one is not that which was looked at, all is begun anew. What is open stays what it is,
 * whatever compaction does, and segments that come later are of a later moment. Something that is
 * wrong is believed if it looks the same twice.
 */
public final class LiveRecovery {
  /** Files are opened within milliseconds, and change some times a second at most. */
  private static final int MAX_ATTEMPTS = 100;

  private final Path directory;
  private final StorageIo io;
  private final long memoryBytes;
  private final RandomGenerator random;
  private final @Nullable LoadProgress progress;

  private LiveRecovery(
      Path directory,
      StorageIo io,
      long memoryBytes,
      RandomGenerator random,
      @Nullable LoadProgress progress) {
    this.directory = directory;
    this.io = io;
    this.memoryBytes = memoryBytes;
    this.random = random;
    this.progress = progress;
  }

  /**
   * Opens a log up to its last whole cut, which is durable from then on.
   *
   * @param directory the log's
   * @param io with which the end of the log is synced, and nothing else is done
   * @throws io.nadb.CorruptStoreException if a file is damaged or missing
   */
  public static Recovery.Recovered open(
      Path directory, StorageIo io, long memoryBytes, RandomGenerator random) throws IOException {
    return new LiveRecovery(directory, io, memoryBytes, random, null).open();
  }

  /** As above; tells how much has been read of it. */
  public static Recovery.Recovered open(Path directory, StorageIo io, LoadProgress progress)
      throws IOException {
    return new LiveRecovery(directory, io, Long.MAX_VALUE, new SecureRandom(), progress).open();
  }

  private Recovery.Recovered open() throws IOException {
    String before = "";
    for (int i = 0; i < MAX_ATTEMPTS; i++) {
      try {
        Recovery.Recovered found = tryToOpen();
        if (found != null) {
          return found;
        }
        before = "";
      } catch (IOException | NadbException e) {
        if (before.equals(e.toString())) {
          throw e;
        }
        before = e.toString();
      }
    }
    throw new IOException(
        directory
            + ": at each of "
            + MAX_ATTEMPTS
            + " attempts, its owner replaced a file before it could be opened; try again");
  }

  /** Opens it; null if one of its files has been replaced meanwhile. */
  private Recovery.@Nullable Recovered tryToOpen() throws IOException {
    Recovery recovery =
        new Recovery(directory, io, ContentSource.detached(memoryBytes), random, progress);
    List<SegmentChain.Link> links = recovery.begin();
    SegmentLoader loader = recovery.loader();
    List<SegmentLoader.Opened> files = new ArrayList<>();
    try {
      for (int i = 0; i < links.size(); i++) {
        files.add(loader.open(links, i));
        if (!isTheSame(files.get(i))) {
          files.forEach(SegmentLoader.Opened::close);
          return null;
        }
      }
      Segment last = recovery.replay(links, i -> loader.load(files.get(i)));
      makeDurable(last);
      return recovery.recovered(links, last);
    } catch (Throwable e) {
      files.forEach(SegmentLoader.Opened::close); // Once more does no harm.
      throw e;
    }
  }

  /** Whether the file that was opened is the one whose header was read before. */
  private static boolean isTheSame(SegmentLoader.Opened file) {
    SegmentHeader expected = file.link().header();
    SegmentHeader found = SegmentHeader.of(file.link().found(), file.content(), file.length());
    return found.id() == expected.id() && found.generation() == expected.generation();
  }

  /** What a reader has seen is there after a power cut, too. */
  private void makeDurable(@Nullable Segment last) throws IOException {
    if (last != null) {
      try {
        io.sync(last.file());
      } catch (NoSuchFileException e) {
        return; // It was complete and synced before it was compacted away.
      }
    }
  }
}
