package io.nadb;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an entry carries besides its value: tags and TTL, given anew or kept from the entry that is
 * replaced.
 *
 * <p>Immutable. The last word on tags wins ({@link #withTags} against {@link #keepingTags}), and so
 * does the last word on TTL.
 *
 * @since 0.1.0
 */
public final class SetOptions {
  private static final SetOptions NONE = new SetOptions(Set.of(), false, null, false);

  private final Set<String> tags;
  private final boolean keepTags;
  private final @Nullable Duration ttl;
  private final boolean keepTtl;

  private SetOptions(Set<String> tags, boolean keepTags, @Nullable Duration ttl, boolean keepTtl) {
    this.tags = tags;
    this.keepTags = keepTags;
    this.ttl = ttl;
    this.keepTtl = keepTtl;
  }

  /** No tags, no TTL. */
  public static SetOptions none() {
    return NONE;
  }

  /**
   * The entry expires when {@code ttl} has passed since the write.
   *
   * @throws IllegalArgumentException if {@code ttl} is zero or negative
   */
  public static SetOptions ttl(Duration ttl) {
    return NONE.withTtl(ttl);
  }

  /**
   * The entry has these tags.
   *
   * @throws IllegalArgumentException if a tag is empty
   */
  public static SetOptions tags(String... tags) {
    return NONE.withTags(tags);
  }

  /** These options, with this TTL. */
  public SetOptions withTtl(Duration ttl) {
    Objects.requireNonNull(ttl, "ttl");
    if (ttl.isZero() || ttl.isNegative()) {
      throw new IllegalArgumentException(
          "ttl " + ttl + " is not positive; leave the TTL away for an entry that never expires");
    }
    return new SetOptions(tags, keepTags, ttl, false);
  }

  /** These options, with these tags (duplicates count once). */
  public SetOptions withTags(String... tags) {
    Objects.requireNonNull(tags, "tags");
    Set<String> set = new LinkedHashSet<>();
    for (String tag : tags) {
      if (Objects.requireNonNull(tag, "tag").isEmpty()) {
        throw new IllegalArgumentException("a tag is empty; tags are non-empty strings");
      }
      set.add(tag);
    }
    return new SetOptions(Collections.unmodifiableSet(set), false, ttl, keepTtl);
  }

  /** These options, with the tags that the replaced entry has, if there is one. */
  public SetOptions keepingTags() {
    return new SetOptions(Set.of(), true, ttl, keepTtl);
  }

  /** These options, with the expiry time that the replaced entry has, if there is one. */
  public SetOptions keepingTtl() {
    return new SetOptions(tags, keepTags, null, true);
  }

  /** The tags given; empty if there are none or they are kept. */
  public Set<String> tags() {
    return tags;
  }

  /** Whether the replaced entry's tags are kept. */
  public boolean keepsTags() {
    return keepTags;
  }

  /** The TTL given; empty if there is none or it is kept. */
  public Optional<Duration> ttl() {
    return Optional.ofNullable(ttl);
  }

  /** Whether the replaced entry's expiry time is kept. */
  public boolean keepsTtl() {
    return keepTtl;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SetOptions that
        && tags.equals(that.tags)
        && keepTags == that.keepTags
        && Objects.equals(ttl, that.ttl)
        && keepTtl == that.keepTtl;
  }

  @Override
  public int hashCode() {
    return Objects.hash(tags, keepTags, ttl, keepTtl);
  }

  @Override
  public String toString() {
    return "SetOptions[tags="
        + (keepTags ? "kept" : tags)
        + ", ttl="
        + (keepTtl ? "kept" : ttl == null ? "none" : ttl)
        + "]";
  }
}
