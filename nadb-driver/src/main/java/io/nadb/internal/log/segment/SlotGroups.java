package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.IndexPartition;
import io.nadb.internal.log.index.KeyIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * Slots of the index that a segment's hint has, grouped by partition while the log is opened: so
 * what is written of the index stays in the processor's cache, where slot by slot would wait for
 * memory at each.
 */
public final class SlotGroups {
  private static final int WORDS = IndexPartition.WORDS;

  /**
   * So much is done in one call of a method. A program that just opens a store has nothing compiled
   * yet; methods that are called often are soon, and those that loop for long come late.
   */
  private static final int STEP_WORDS = 64 * WORDS;

  /** So many blocks of a hint are grouped at once: a million slots, in 24 MB. */
  private static final int MAX_BLOCKS = 512;

  private final int handle;
  private final long end;
  private final long[][] slots = new long[KeyIndex.PARTITIONS][];

  /** How many words each partition has. */
  private final int[] used = new int[KeyIndex.PARTITIONS];

  // What the segment has.
  private int sets;
  private long setBytes;
  private long deleteBytes;

  private SlotGroups(List<long[]> blocks, long end, int handle) {
    this.handle = handle;
    this.end = end;
    for (long[] block : blocks) {
      for (int from = 0; from < block.length; from += STEP_WORDS) {
        count(block, from, Math.min(from + STEP_WORDS, block.length));
      }
    }
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new long[used[i]];
      used[i] = 0;
    }
    for (long[] block : blocks) {
      for (int from = 0; from < block.length; from += STEP_WORDS) {
        distribute(block, from, Math.min(from + STEP_WORDS, block.length));
      }
    }
  }

  /**
   * Groups all that a hint has, and takes it out of the hint meanwhile, so that it is not in memory
   * twice.
   *
   * @param handle the segment's
   */
  public static List<SlotGroups> of(HintFile.Hint hint, int handle) {
    List<SlotGroups> all = new ArrayList<>();
    List<long[]> some = new ArrayList<>();
    while (!hint.blocks().isEmpty()) {
      some.add(hint.blocks().remove());
      if (some.size() == MAX_BLOCKS || hint.blocks().isEmpty()) {
        all.add(new SlotGroups(some, hint.end(), handle));
        some.clear();
      }
    }
    return all;
  }

  private void count(long[] block, int from, int to) {
    for (int word = from; word < to; word += WORDS) {
      used[KeyIndex.partitionOf(block[word])] += WORDS;
    }
  }

  private void distribute(long[] block, int from, int to) {
    for (int word = from; word < to; word += WORDS) {
      long position = block[word + 2];
      if (Position.offset(position) < end) {
        int partition = KeyIndex.partitionOf(block[word]);
        long[] group = slots[partition];
        int at = used[partition];
        group[at] = block[word];
        group[at + 1] = block[word + 1];
        group[at + 2] = Position.withHandle(position, handle);
        used[partition] = at + WORDS;
        long size = Position.size(position);
        if (Position.isRemoved(position)) {
          deleteBytes += size;
        } else {
          sets++;
          setBytes += size;
        }
      }
    }
  }

  /** Takes all into the index, in the order of the hint, and books them. */
  public void publish(SegmentSet state, Segment segment) {
    segment.add(sets, setBytes, deleteBytes);
    for (int i = 0; i < slots.length; i++) {
      state.index().putAll(i, slots[i], used[i]);
    }
  }
}
