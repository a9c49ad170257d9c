package io.nadb.testing;

import io.nadb.testing.CrashImage.Fate;
import io.nadb.testing.DiskOperation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A file of a {@link CrashImage}: what is sure of its content, and what was done to it since. */
final class PendingContent {
  private byte[] sure;
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

  PendingContent(byte[] sure) {
    this.sure = sure;
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
    if (settled > 0) {
      Buffer buffer = new Buffer(sure);
      changes.subList(0, settled).forEach(change -> buffer.apply(change.operation));
      sure = buffer.content();
      changes.subList(0, settled).clear();
    }
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

  /** What may be found, with blocks of some size. */
  byte[] after(Fate fate, int block, Random random) {
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
    return buffer.content();
  }

  /** A content that grows. */
  private static final class Buffer {
    private byte[] bytes;
    private int length;

    Buffer(byte[] bytes) {
      this.bytes = bytes.clone();
      this.length = bytes.length;
    }

    byte[] content() {
      return Arrays.copyOf(bytes, length);
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
      reserve(newLength);
      if (newLength < length) {
        Arrays.fill(bytes, newLength, length, (byte) 0);
      }
      length = newLength;
    }

    private void write(DiskOperation change, int from, int to) {
      if (to > from) {
        int end = (int) change.offset() + to;
        reserve(end);
        System.arraycopy(change.bytes(), from, bytes, (int) change.offset() + from, to - from);
        length = Math.max(length, end);
      }
    }

    private void reserve(int wanted) {
      if (wanted > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(wanted, 2 * bytes.length));
      }
    }
  }
}
