package io.nadb.benchmarks.store;

import java.time.Duration;
import java.util.List;

/**
 * What an entry carries besides its value.
 *
 * @param tags its tags
 * @param ttl how long it lives
 */
public record Labels(List<String> tags, Duration ttl) {

  /** Copies the tags. */
  public Labels {
    tags = List.copyOf(tags);
  }
}
