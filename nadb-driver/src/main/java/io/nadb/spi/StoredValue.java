package io.nadb.spi;

/**
 * An entry together with its value, both of the same write.
 *
 * @param entry what is known of it
 * @param value the value, as an array of the caller's own
 * @since 0.1.0
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record StoredValue(StoredEntry entry, byte[] value) {}
