package io.nadb.jcache;

import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to an entry, for those who listen.
 *
 * @param value the value that is there now, as the store has it; null if there is none
 * @param before the value that was there; null if there was none
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Change<K>(EventType type, K key, byte @Nullable [] value, byte @Nullable [] before) {}
