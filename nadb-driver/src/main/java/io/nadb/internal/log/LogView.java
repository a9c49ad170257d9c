package io.nadb.internal.log;

import io.nadb.TagFilter;
import io.nadb.internal.log.query.Queries;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendView;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the log held at one moment, for users' questions. */
final class LogView implements BackendView {
  private final SegmentSet state;
  private final Queries queries;
  private final Moment moment;
  private final long ownBytes;
  private final Runnable closing;

  LogView(SegmentSet state, Queries queries, Moment moment) {
    this(state, queries, moment, 0, () -> {});
  }

  /**
   * Creates it.
   *
   * @param ownBytes how much memory there is for it alone
   * @param closing is run when it is closed, once
   */
  LogView(SegmentSet state, Queries queries, Moment moment, long ownBytes, Runnable closing) {
    this.state = state;
    this.queries = queries;
    this.moment = moment;
    this.ownBytes = ownBytes;
    this.closing = closing;
  }

  @Override
  public byte @Nullable [] value(String namespace, String key, LongSupplier now)
      throws IOException {
    try {
      RecordReader.Found found = find(namespace, key, true);
      if (found == null
          || (found.record().hasTtl() && now.getAsLong() >= found.record().expiresAt())) {
        return null;
      }
      return found.value();
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Override
  public @Nullable StoredEntry entry(String namespace, String key) {
    try {
      RecordReader.Found found = find(namespace, key, false);
      return found == null ? null : found.record().toEntry();
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  private RecordReader.@Nullable Found find(String namespace, String key, boolean withValue) {
    SegmentSet.Namespace known = state.known(namespace);
    SegmentSet.Namespace space = known == null ? state.unknown(namespace) : known;
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    return moment.find(space.fingerprint(keyBytes), space.name(), keyBytes, withValue);
  }

  @Override
  public void scan(String namespace, String prefix, Consumer<StoredEntry> each) {
    try {
      queries.listing().scan(moment, namespace, prefix, each);
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Override
  public List<StoredEntry> tagged(String namespace, Set<String> tags) {
    try {
      return queries.tags().tagged(moment, namespace, tags);
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Override
  public void eachTagged(String namespace, Consumer<StoredEntry> each) {
    try {
      queries.tags().eachTagged(moment, namespace, each);
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Override
  public void walk(String namespace, Selection selection, Visitor visitor, SearchTrace trace)
      throws IOException {
    try {
      queries.walk(moment, namespace, selection, visitor, trace);
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Override
  public long count(String namespace, TagFilter tags, long now, Set<String> except)
      throws IOException {
    try {
      OptionalLong count = queries.count(moment, namespace, tags, now, except);
      return count.isPresent()
          ? count.getAsLong()
          : BackendView.super.count(namespace, tags, now, except);
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Override
  public Map<String, Long> countTags(String namespace, long now, Set<String> except)
      throws IOException {
    try {
      Optional<Map<String, Long>> counts = queries.countTags(moment, namespace, now, except);
      return counts.isPresent()
          ? counts.get()
          : BackendView.super.countTags(namespace, now, except);
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Override
  public long keptBytes() {
    return ownBytes + moment.keptBytes();
  }

  @Override
  public void close() {
    if (!moment.isClosed()) {
      moment.close();
      closing.run();
    }
  }
}
