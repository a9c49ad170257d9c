package io.nadb.internal.log;

import io.nadb.internal.log.query.Queries;
import io.nadb.internal.log.segment.KeyLookup;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.BackendView;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import java.io.IOException;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a log answers to who has come in by the gate. */
final class LogAnswers {
  private final SegmentSet state;
  private final Queries queries;
  private final KeyLookup lookup;

  LogAnswers(SegmentSet state, Queries queries) {
    this.state = state;
    this.queries = queries;
    this.lookup = new KeyLookup(state);
  }

  byte @Nullable [] value(String namespace, String key, LongSupplier now) throws IOException {
    try {
      RecordReader.Found found = lookup.find(namespace, key, true);
      if (found == null
          || (found.record().hasTtl() && now.getAsLong() >= found.record().expiresAt())) {
        return null;
      }
      return found.value();
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Nullable StoredEntry entry(String namespace, String key) {
    try {
      RecordReader.Found found = lookup.find(namespace, key, false);
      return found == null ? null : found.record().toEntry();
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  @Nullable StoredValue read(String namespace, String key) throws IOException {
    try {
      RecordReader.Found found = lookup.find(namespace, key, true);
      return found == null ? null : new StoredValue(found.record().toEntry(), found.value());
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  /**
   * Opens a view, which leaves by the gate when it is closed.
   *
   * @param ticket what the gate has given
   */
  BackendView view(long sequence, int ticket) {
    return new LogView(state, queries, new Moment(state, sequence, ticket));
  }

  /** The namespaces of all current records. */
  Set<String> namespaces() {
    try {
      return queries.namespaces();
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }

  /** Makes the lists that answer queries, and returns them. */
  Queries prepareQueries() {
    try {
      queries.secondary().complete();
      queries.listing().complete();
      return queries;
    } catch (InternalError e) {
      throw UnreadablePage.in(state, e);
    }
  }
}
