package io.nadb.internal.log.query;

import io.nadb.TagFilter;
import io.nadb.internal.log.format.LogRecord;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tags of many records, for one question by one thread: there are few combinations of tags, and
 * each is decoded and compared with what is asked for only once, as long as it is remembered.
 */
final class TagSets {
  private static final int REMEMBERED = 256;

  private final TagFilter wanted;
  private final @Nullable Combination[] recent = new Combination[REMEMBERED];

  TagSets(TagFilter wanted) {
    this.wanted = wanted;
  }

  /**
   * Tags that records have.
   *
   * @param text as it stands in the record
   * @param tags the same, decoded
   * @param matches whether they are what is wanted
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Combination(byte[] text, Set<String> tags, boolean matches) {}

  /** Gives the tags of a record. */
  Combination of(LogRecord record) {
    int slot = record.tagChecksum() & (REMEMBERED - 1);
    Combination known = recent[slot];
    if (known == null || !record.hasTagText(known.text)) {
      Set<String> tags = record.tags();
      known = new Combination(record.tagText(), tags, wanted.matches(tags));
      recent[slot] = known;
    }
    return known;
  }
}
