package io.nadb.spi;

import io.nadb.KeyOrder;
import io.nadb.TagFilter;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which entries a {@link BackendView} is asked for, and in which order.
 *
 * @param tags what their tags match
 * @param prefix what their keys begin with
 * @param from the first key, inclusive; empty for no bound
 * @param to the first key that is too large; null for no bound
 * @param order the order
 * @since 0.1.0
 */
public record Selection(
    TagFilter tags, String prefix, String from, @Nullable String to, Order order) {
  /** In which order entries are shown. */
  public enum Order {
    /** In that of keys: {@link KeyOrder}. */
    KEY,
    /** In the reverse of it. */
    KEY_DESCENDING,
    /** In whatever order is the fastest. */
    ANY
  }

  /** Whether a key is one of those that are asked for. */
  public boolean includes(String key) {
    return key.startsWith(prefix)
        && KeyOrder.INSTANCE.compare(key, from) >= 0
        && (to == null || KeyOrder.INSTANCE.compare(key, to) < 0);
  }

  /** Whether an entry is one of those that are asked for. */
  public boolean includes(StoredEntry entry) {
    return includes(entry.key()) && tags.matches(entry.tags());
  }

  /** Some tags that each of the entries must have; empty if there are none. */
  public Set<String> requiredTags() {
    Set<String> required = new LinkedHashSet<>();
    require(tags, required);
    return required;
  }

  private static void require(TagFilter filter, Set<String> required) {
    if (filter instanceof TagFilter.Tag one) {
      required.add(one.tag());
    } else if (filter instanceof TagFilter.And and) {
      and.filters().forEach(each -> require(each, required));
    }
  }
}
