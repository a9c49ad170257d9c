package io.nadb.spring.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way into a cache, with tags of its own.
 *
 * @param value as Spring has it; null if null is to be cached
 * @param tags beside those of the cache's settings
 */
record Tagged(@Nullable Object value, List<String> tags) {}
