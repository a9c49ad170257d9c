package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.Arrays;

/** What a rewriting of segments has put where, and how readers are led there. */
final class Moves {
  private static final int WORDS = 4;

  /** Fingerprint (2 words), position before, position after. */
  private long[] moves = new long[64 * WORDS];

  private int count;
  private int done;

  /** Where the values were of touches that have become one record with them, in the same order. */
  private final PositionList values = new PositionList();

  private int valuesDone;

  /** Adds a record that was copied as it was. */
  void add(KeyHasher.Fingerprint key, long before, long after) {
    if (count * WORDS == moves.length) {
      moves = Arrays.copyOf(moves, Math.multiplyExact(moves.length, 2));
    }
    int word = count * WORDS;
    moves[word] = key.low();
    moves[word + 1] = key.high();
    moves[word + 2] = before;
    moves[word + 3] = after;
    count++;
  }

  /** Adds what was made of a touch and of the record with its value. */
  void addMerged(KeyHasher.Fingerprint key, long touch, long value, long after) {
    values.add(value);
    add(key, touch, after);
  }

  /** Leads readers to where records are now, of so many keys; returns whether there is a rest. */
  boolean publishSome(int keys, SegmentSet state, Segment target, RecordListener listener) {
    int end = Math.min(done + keys, count);
    while (done < end) {
      publish(done * WORDS, state.index(), target, listener);
      done++;
    }
    return done < count;
  }

  /** Has an index of an earlier moment lead there, of those that are published next. */
  void follow(int keys, SegmentSet past, Segment target) {
    int end = Math.min(done + keys, count);
    int value = valuesDone;
    for (int i = done; i < end; i++) {
      int word = i * WORDS;
      long from = moves[word + 2];
      long to = Position.withHandle(moves[word + 3], target.handle());
      target.add(1, Position.size(to), 0);
      if (Position.isTouch(from) && !Position.isTouch(to)) {
        past.index().merge(moves[word], moves[word + 1], from, values.get(value), to);
        value++;
      } else {
        past.index().move(moves[word], moves[word + 1], from, to);
      }
    }
  }

  private void publish(int word, KeyIndex index, Segment target, RecordListener listener) {
    long from = moves[word + 2];
    long to = Position.withHandle(moves[word + 3], target.handle());
    // Booked first: once it is in the index, a flush may outdate it.
    target.add(1, Position.size(to), 0);
    KeyIndex.Moved moved;
    if (Position.isTouch(from) && !Position.isTouch(to)) {
      moved = index.merge(moves[word], moves[word + 1], from, values.get(valuesDone), to);
      valuesDone++;
    } else {
      moved = index.move(moves[word], moves[word + 1], from, to);
    }
    if (moved == KeyIndex.Moved.RECORD) {
      listener.published(to); // Before the inputs are removed: see RecordReader.
    } else if (moved == KeyIndex.Moved.NOTHING) {
      target.outdate(to);
    }
  }
}
