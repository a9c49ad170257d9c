package io.nadb.internal.log.history;

import io.nadb.ChangeKind;
import io.nadb.Entry;
import io.nadb.KeyVersion;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.history.RetainedCuts.Part;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a log has of one key: those of all cuts that are whole, and what was there when
 * the oldest of them had been made. What is before that has gaps, and is passed over.
 */
public final class KeyVersions {
  private final SegmentSet state;
  private final byte[] namespace;
  private final byte[] key;
  private final int limit;
  private final long wholeSince;
  private final List<@Nullable KeyVersion> versions = new ArrayList<>();

  /** Touches whose value has not been met yet, and where they are among the versions. */
  private final List<Found> touches = new ArrayList<>();

  private final List<Integer> places = new ArrayList<>();

  /** Whether the version has been met that was there at the beginning. */
  private boolean begun;

  private KeyVersions(
      SegmentSet state, String namespace, String key, int limit, CutBoundary oldest) {
    this.state = state;
    this.namespace = namespace.getBytes(StandardCharsets.UTF_8);
    this.key = key.getBytes(StandardCharsets.UTF_8);
    this.limit = limit;
    this.wholeSince = oldest.sequence();
  }

  /**
   * A record of the key.
   *
   * @param cut the sequence number of its cut
   * @param time when that was made; if it is one of several, when the record was written
   */
  private record Found(Segment segment, LogRecord record, long cut, long time) {}

  /**
   * Finds the newest versions, the newest first, for who has come in by the gate.
   *
   * @param limit how many at most
   */
  public static List<KeyVersion> newestFirst(
      SegmentSet state, String namespace, String key, int limit) throws IOException {
    RetainedCuts cuts = RetainedCuts.of(state);
    CutBoundary oldest = cuts.oldest();
    if (oldest == null) {
      return List.of();
    }
    KeyVersions search = new KeyVersions(state, namespace, key, limit, oldest);
    for (int i = cuts.parts().size() - 1; i >= 0 && !search.isDone(); i--) {
      search.search(cuts.parts().get(i));
    }
    List<KeyVersion> found = new ArrayList<>();
    search.versions.forEach(each -> found.add(Objects.requireNonNull(each, "a touch's value")));
    return Collections.unmodifiableList(found);
  }

  private boolean isDone() {
    return (begun || versions.size() == limit) && touches.isEmpty();
  }

  private void search(Part part) throws IOException {
    List<Found> inPart = new Walk(part).all();
    for (int i = inPart.size() - 1; i >= 0 && !isDone(); i--) {
      take(inPart.get(i));
    }
  }

  private void take(Found found) throws IOException {
    boolean isFirst = found.cut <= wholeSince;
    boolean counts = !begun && versions.size() < limit;
    begun |= isFirst;
    LogRecord record = found.record;
    if (record.isDelete()) {
      if (counts && !isFirst) {
        versions.add(version(record.isExpiry() ? ChangeKind.EXPIRED : ChangeKind.DELETED, found));
      }
    } else if (record.isTouch()) {
      if (counts) {
        touches.add(found);
        places.add(versions.size());
        versions.add(null);
      }
    } else if (counts || !touches.isEmpty()) {
      byte[] value = record.value(found.segment.content());
      for (int i = 0; i < touches.size(); i++) {
        versions.set(places.get(i), version(ChangeKind.TOUCHED, touches.get(i), value.clone()));
      }
      touches.clear();
      places.clear();
      if (counts) {
        versions.add(version(ChangeKind.SET, found, value));
      }
    }
  }

  private static KeyVersion version(ChangeKind kind, Found found) {
    return KeyVersion.removed(kind, found.record.sequence(), Instant.ofEpochMilli(found.time));
  }

  private static KeyVersion version(ChangeKind kind, Found found, byte[] value) {
    return KeyVersion.written(
        kind,
        found.record.sequence(),
        Instant.ofEpochMilli(found.time),
        new Entry(found.record.toEntry().toMetadata(), value));
  }

  /** Finds the records of the key in a segment. */
  private final class Walk implements SegmentScanner.Visitor<RuntimeException> {
    private final Part part;
    private final List<LogRecord> inCut = new ArrayList<>();
    private final List<Found> all = new ArrayList<>();

    Walk(Part part) {
      this.part = part;
    }

    List<Found> all() {
      SegmentScanner scanner = state.scanner(part.segment());
      long at = part.segment().start();
      while (at < part.end()) {
        at = scanner.next(at, part.end(), this);
      }
      return all;
    }

    @Override
    public void visit(LogRecord record) {
      if (record.isOf(namespace, key)) {
        inCut.add(record);
      }
    }

    @Override
    public void close(SegmentScanner.Commit commit) {
      boolean isMerged = part.segment().header().isCompacted();
      for (LogRecord record : inCut) {
        long time = isMerged ? record.updated() : commit.time();
        all.add(new Found(part.segment(), record, commit.sequence(), time));
      }
      inCut.clear();
    }
  }
}
