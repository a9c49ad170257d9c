/**
 * The metadata database: a projection of the log onto SQLite, for people and their SQL tools.
 *
 * <p>{@link io.nadb.internal.metadata.KeyValueMetadata} is the way in. Everything in here is
 * derived: the log can make it again, and no answer of a store depends on it.
 */
@NullMarked
package io.nadb.internal.metadata;

import org.jspecify.annotations.NullMarked;
