package io.nadb.spi;

/**
 * A key whose entry has expired.
 *
 * @param namespace its namespace
 * @param key the key
 * @param sequence the sequence number of the write that expired; a later one must survive
 * @since 0.1.0
 */
public record ExpiredKey(String namespace, String key, long sequence) {}
