package io.nadb.backup;

import io.nadb.KeyValueStore;
import io.nadb.internal.backup.LogCheck;
import io.nadb.spi.BackupSource;
import io.nadb.spi.PinnedFiles;
import java.util.Objects;

/**
 * A look at all that a store in files has, while it is used: each record, each cut and each file's
 * header is compared with its checksum, up to the last flush. Not looked at are the up to seven
 * zeros that round a record up, which nothing reads, and what is made anew from the log where it is
 * missing or damaged: hints and {@code metadata.db}.
 *
 * <p>Changes nothing, except that a store that is open for writing is flushed first. A store that
 * can't be opened since it is damaged says so when it is opened.
 *
 * @since 0.1.0
 */
public final class StoreCheck {
  private final BackupSource source;
  private final BackupProgress progress;

  private StoreCheck(BackupSource source, BackupProgress progress) {
    this.source = source;
    this.progress = progress;
  }

  /**
   * What was checked, all of it sound.
   *
   * @since 0.1.0
   */
  public static final class Result {
    private final long bytes;
    private final long sequence;

    private Result(long bytes, long sequence) {
      this.bytes = bytes;
      this.sequence = sequence;
    }

    /** How many bytes of files. */
    public long bytes() {
      return bytes;
    }

    /** The number of the last write that is in them. */
    public long sequence() {
      return sequence;
    }

    @Override
    public String toString() {
      return "Result[" + bytes + " bytes, up to sequence number " + sequence + "]";
    }
  }

  /**
   * Prepares the check of a store, all of its namespaces.
   *
   * @throws IllegalArgumentException if it is a store of somebody's own that does not pass on what
   *     this needs ({@link BackupSource})
   */
  public static StoreCheck of(KeyValueStore store) {
    return new StoreCheck(BackupSource.of(Objects.requireNonNull(store, "store")), (b, t) -> {});
  }

  /** Returns the same check, which tells how far it has come. */
  public StoreCheck reporting(BackupProgress listener) {
    return new StoreCheck(source, Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Checks, with the calling thread.
   *
   * @throws io.nadb.CorruptStoreException if something is not as it was written; it names the file
   * @throws UnsupportedOperationException if the store has no files ({@link
   *     io.nadb.StoreCapability#BACKUPS})
   */
  public Result run() {
    try (PinnedFiles files = source.pinFiles()) {
      return new Result(LogCheck.run(files, progress::progressed), files.sequence());
    }
  }
}
