/**
 * The metadata database: a projection of the log onto SQLite for the questions that a hash index
 * cannot answer (keys in order, tags, expiry).
 *
 * <p>{@link io.nadb.internal.metadata.KeyValueMetadata} is the way in. Everything in here is
 * derived: the log can make it again.
 */
@NullMarked
package io.nadb.internal.metadata;

import org.jspecify.annotations.NullMarked;
