package io.nadb.testkit.disk;

import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.DiskOperation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A file of a {@link CrashImage}: what is sure of its content, and what was done to it since. */
final class PendingContent {
  private final Buffer sure;
  private final List<Change> changes = new ArrayList<>();

  /** How sure a change is. */
  private enum State {
    /** The next sync decides. */
    UNSURE,
    /** It was synced. */
    SURE,
    /** Its sync has failed: no later one says anything of it. */
    SPOILT
  }

  private record Change(DiskOperation operation, State state) {}

  /** A file whose content is sure. */
  PendingContent(byte[] sure) {
    this.sure = new Buffer(sure);
  }

  void add(DiskOperation operation) {
    changes.add(new Change(operation, State.UNSURE));
  }

  void synced() {
    changes.replaceAll(
        change -> change.state == State.UNSURE ? new Change(change.operation, State.SURE) : change);
    int settled = 0;
    while (settled < changes.size() && changes.get(settled).state == State.SURE) {
      settled++;
    }
    changes.subList(0, settled).forEach(change -> sure.apply(change.operation));
    changes.subList(0, settled).clear();
  }

  /** Lengths are the journal's business, which fails as a whole or not at all. */
  void syncFailed() {
    changes.replaceAll(
        change ->
            change.state == State.UNSURE && change.operation.kind() == Kind.WRITE
                ? new Change(change.operation, State.SPOILT)
                : change);
  }

  boolean isCertain() {
    return changes.isEmpty();
  }

  /** All of it has come to the disk after all. */
  void becomeSure() {
    changes.forEach(change -> sure.apply(change.operation));
    changes.clear();
  }

  /** What may be found, with blocks of some size. */
  Buffer after(Fate fate, int block, Random random) {
    Buffer buffer = new Buffer(sure);
    int moment = random.nextInt(changes.size() + 1);
    for (int i = 0; i < changes.size(); i++) {
      DiskOperation operation = changes.get(i).operation;
      boolean last = i + 1 == changes.size();
      if (changes.get(i).state == State.SURE) {
        buffer.apply(operation);
      } else {
        switch (fate) {
          case KEPT, CONTENTS_KEPT -> buffer.apply(operation);
          case TORN -> {
            if (last) {
              buffer.tear(operation, block);
            } else {
              buffer.apply(operation);
            }
          }
          case MOMENTS -> {
            if (i < moment) {
              buffer.apply(operation);
            } else if (i == moment) {
              buffer.tear(operation, block);
            }
          }
          case RANDOM -> buffer.scatter(operation, block, random);
          default -> {} // Lost.
        }
      }
    }
    return buffer;
  }

  /** A content that grows. The zeros at its end, often a whole segment of them, take no memory. */
  static final class Buffer {
    private byte[] bytes;

    /** From here on there are only zeros. */
    private int dataEnd;

    private int length;

    Buffer(byte[] content) {
      int end = content.length;
      while (end > 0 && content[end - 1] == 0) {
        end--;
      }
      this.bytes = Arrays.copyOf(content, end);
      this.dataEnd = end;
      this.length = content.length;
    }

    Buffer(Buffer other) {
      this.bytes = Arrays.copyOf(other.bytes, other.dataEnd);
      this.dataEnd = other.dataEnd;
      this.length = other.length;
    }

    /** Its beginning, with so many of the zeros at its end at most. */
    byte[] content(int zeros) {
      return Arrays.copyOf(bytes, (int) Math.min(length, (long) dataEnd + zeros));
    }

    void apply(DiskOperation change) {
      if (change.kind() == Kind.WRITE) {
        write(change, 0, change.bytes().length);
      } else {
        setLength((int) change.offset());
      }
    }

    /** Half of a write is there, in whole blocks. */
    void tear(DiskOperation change, int block) {
      if (change.kind() == Kind.WRITE) {
        long half = change.offset() + change.bytes().length / 2;
        write(change, 0, (int) Math.max(0, half - half % block - change.offset()));
      }
    }

    /** Each block is there or not. */
    void scatter(DiskOperation change, int block, Random random) {
      if (change.kind() != Kind.WRITE) {
        if (random.nextBoolean()) {
          apply(change);
        }
        return;
      }
      int odds = random.nextInt(4); // Often nearly all, sometimes nearly nothing.
      for (int at = 0; at < change.bytes().length; ) {
        int end =
            (int) Math.min(change.bytes().length, at + block - (change.offset() + at) % block);
        if (random.nextInt(4) >= odds) {
          write(change, at, end);
        }
        at = end;
      }
    }

    private void setLength(int newLength) {
      if (newLength < dataEnd) {
        Arrays.fill(bytes, newLength, dataEnd, (byte) 0);
        dataEnd = newLength;
      }
      length = newLength;
    }

    private void write(DiskOperation change, int from, int to) {
      if (to > from) {
        int end = (int) change.offset() + to;
        if (end > bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        System.arraycopy(change.bytes(), from, bytes, (int) change.offset() + from, to - from);
        dataEnd = Math.max(dataEnd, end);
        length = Math.max(length, end);
      }
    }
  }
}
