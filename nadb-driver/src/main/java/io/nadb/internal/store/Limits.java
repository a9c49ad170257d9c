package io.nadb.internal.store;

import io.nadb.TagFilter;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Utf8;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** What keys, tags and values may be. */
final class Limits {
  static final int MAX_KEY_BYTES = 64 << 10;
  private static final int MAX_NAMESPACE_BYTES = 255;
  static final int MAX_TAG_BYTES = 1 << 10;
  static final int MAX_TAGS = 1000;
  static final int MAX_VALUE_BYTES = 1 << 30;
  private static final int SHOWN_CHARS = 40;

  private Limits() {}

  static void checkKey(String key) {
    checkText("key", Objects.requireNonNull(key, "key"), MAX_KEY_BYTES);
  }

  static void checkNamespace(String namespace) {
    checkText("namespace", Objects.requireNonNull(namespace, "namespace"), MAX_NAMESPACE_BYTES);
  }

  static void checkValue(byte[] value) {
    if (Objects.requireNonNull(value, "value").length > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "the value has " + value.length + " bytes; at most " + MAX_VALUE_BYTES + " are allowed");
    }
  }

  /** Refuses a value that the backend could not take when it comes to it. */
  static void checkFits(byte[] value, StorageBackend backend) {
    if (value.length > backend.maxValueBytes()) {
      throw new IllegalArgumentException(
          "the value has "
              + value.length
              + " bytes; this backend takes at most "
              + backend.maxValueBytes());
    }
  }

  static void checkTags(Set<String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "the entry has " + tags.size() + " tags; at most " + MAX_TAGS + " are allowed");
    }
    for (String tag : tags) {
      checkText("tag", Objects.requireNonNull(tag, "tag"), MAX_TAG_BYTES);
    }
  }

  /** Refuses tags that no entry can have, or none; returns them. */
  static Set<String> checkQuery(Set<String> tags) {
    checkTags(tags);
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("no tag is given; queryByTags wants one or more");
    }
    return tags;
  }

  /** Refuses a filter with tags that no entry can have, or with too many. */
  static void checkTags(TagFilter filter) {
    Set<String> tags = new HashSet<>();
    collect(filter, tags);
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "the filter has " + tags.size() + " tags; at most " + MAX_TAGS + " are allowed");
    }
    tags.forEach(tag -> checkText("tag", tag, MAX_TAG_BYTES));
  }

  private static void collect(TagFilter filter, Set<String> tags) {
    if (filter instanceof TagFilter.Tag one) {
      tags.add(one.tag());
    } else if (filter instanceof TagFilter.And and) {
      and.filters().forEach(each -> collect(each, tags));
    } else if (filter instanceof TagFilter.Or or) {
      or.filters().forEach(each -> collect(each, tags));
    } else if (filter instanceof TagFilter.Not not) {
      collect(not.filter(), tags);
    }
  }

  /** Refuses a part of a key that no key can have; it may be empty. */
  static void checkBound(String what, String text) {
    if (!text.isEmpty()) {
      checkText(what, text, MAX_KEY_BYTES);
    }
  }

  /** Refuses an empty, oversized or malformed string. */
  private static void checkText(String what, String text, int maxBytes) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the " + what + " is empty");
    }
    int bytes = Utf8.length(text);
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " '"
              + shown(text)
              + "' has an unpaired surrogate at index "
              + (-1 - bytes)
              + ", which no encoding can keep");
    }
    if (bytes > maxBytes) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " '"
              + shown(text)
              + "' has "
              + bytes
              + " bytes in UTF-8; at most "
              + maxBytes
              + " are allowed");
    }
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
  }

  /** Refuses a number that no write has. */
  static void checkSequence(long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence number " + sequence + " is negative");
    }
  }
}
