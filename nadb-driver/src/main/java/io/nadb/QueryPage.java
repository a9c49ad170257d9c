package io.nadb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some entries that a {@link Query} has found, and where to go on.
 *
 * @param <T> {@link EntryMetadata}, or {@link Entry} with values
 * @since 0.1.0
 */
public interface QueryPage<T> {

  /** The entries, in the order of the query; unmodifiable. */
  List<T> entries();

  /**
   * What {@link Query#after} takes to go on after the last of these entries: letters, digits, '-'
   * and '_', which need no encoding in a URL. It contains the key of that entry, in a form that
   * anybody can decode. Null if there are no more.
   */
  @Nullable String cursor();
}
