package io.nadb.copy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a copy has done. Immutable; later versions may say more.
 *
 * @since 0.1.0
 */
public final class CopyResult {
  private final @Nullable Instant time;
  private final boolean resumed;
  private final Set<String> namespaces;
  private final long entries;
  private final long bytes;
  private final long written;
  private final long removed;
  private final List<CopyDifference> differences;
  private final long differenceCount;

  private CopyResult(Counts counts, @Nullable Instant time, boolean resumed) {
    this.time = time;
    this.resumed = resumed;
    this.namespaces = Collections.unmodifiableSet(new TreeSet<>(counts.namespaces));
    this.entries = counts.entries;
    this.bytes = counts.bytes;
    this.written = counts.written;
    this.removed = counts.removed;
    this.differences = List.copyOf(counts.differences);
    this.differenceCount = counts.differenceCount;
  }

  /** What is counted on the way. For one thread. */
  static final class Counts {
    /** Whoever copies to a broken target need not be told of each entry. */
    private static final int MAX_DIFFERENCES = 1000;

    private final Set<String> namespaces = new TreeSet<>();
    private final List<CopyDifference> differences = new ArrayList<>();
    private long differenceCount;
    private long entries;
    private long bytes;
    private long written;
    private long removed;

    void compared(String namespace, long size) {
      namespaces.add(namespace);
      entries++;
      bytes += size;
    }

    void written(int count) {
      written += count;
    }

    void removed() {
      removed++;
    }

    void differs(String namespace, String key, String what) {
      differenceCount++;
      if (differences.size() < MAX_DIFFERENCES) {
        differences.add(new CopyDifference(namespace, key, what));
      }
    }

    CopyResult result(@Nullable Instant time, boolean resumed) {
      return new CopyResult(this, time, resumed);
    }
  }

  /**
   * The moment of the source that the target shows; empty if the source keeps no moments, so that
   * each entry is of a moment of its own.
   */
  public Optional<Instant> time() {
    return Optional.ofNullable(time);
  }

  /** Whether it has gone on with what an earlier run had begun. */
  public boolean isResumed() {
    return resumed;
  }

  /** The namespaces that have been copied. */
  public Set<String> namespaces() {
    return namespaces;
  }

  /** How many entries of the source have been compared with those of the target. */
  public long entries() {
    return entries;
  }

  /** How many bytes the values of these have. */
  public long bytes() {
    return bytes;
  }

  /** How many entries this run has written to the target; those that were there are not among. */
  public long written() {
    return written;
  }

  /** How many entries were removed from the target, since the source has them no more. */
  public long removed() {
    return removed;
  }

  /** Whether the target has all that was copied as the source has it. */
  public boolean isVerified() {
    return differenceCount == 0;
  }

  /** What the target did not take, the first thousand of them; unmodifiable. */
  public List<CopyDifference> differences() {
    return differences;
  }

  /** How many entries the target did not take. */
  public long differenceCount() {
    return differenceCount;
  }

  @Override
  public String toString() {
    return "CopyResult["
        + entries
        + " entries of "
        + namespaces.size()
        + " namespaces, "
        + bytes
        + " bytes, "
        + written
        + " written, "
        + removed
        + " removed, "
        + (isVerified() ? "verified" : differenceCount + " differ")
        + "]";
  }
}
