/**
 * What a backend implements.
 *
 * <p>A driver is one {@link io.nadb.spi.NadbDriver}, named in {@code
 * META-INF/services/io.nadb.spi.NadbDriver}. It either returns any {@link io.nadb.KeyValueStore} it
 * likes, or hands a {@link io.nadb.spi.StorageBackend} to {@link
 * io.nadb.spi.DriverContext#openStore}, which adds buffer, flushing, TTL, sequence numbers, sharing
 * and statistics. A backend that several processes write to is a {@link io.nadb.spi.DirectBackend};
 * what stands before a backend is a {@link io.nadb.spi.ForwardingBackend}.
 */
@NullMarked
package io.nadb.spi;

import org.jspecify.annotations.NullMarked;
