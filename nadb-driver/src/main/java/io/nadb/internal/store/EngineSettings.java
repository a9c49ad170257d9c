package io.nadb.internal.store;

import io.nadb.Durability;
import java.time.Duration;
import java.util.Optional;

/**
 * How the store of one location behaves, as its URL's options say.
 *
 * @param name what statistics and errors call the store
 * @param bufferBytes when the buffer is flushed for its size; writers wait at twice this
 * @param flushInterval how often the buffer is flushed; empty for never
 * @param sweepInterval how often expired entries are removed; empty for never
 * @param durability what a write waits for
 * @param writeTimeout how long a write waits for room in the buffer
 */
public record EngineSettings(
    String name,
    long bufferBytes,
    Optional<Duration> flushInterval,
    Optional<Duration> sweepInterval,
    Durability durability,
    Duration writeTimeout) {}
