/**
 * The fs engine: an append-only log of atomic cuts, an index in memory, and what follows from it.
 *
 * <p>{@link io.nadb.internal.log.LogBackend} is its face; behind it are seven rooms, each of which
 * sees only those below it:
 *
 * <pre>
 *   maintenance   compaction, hints, the metadata database
 *   query         by tag, by expiry, in the order of keys
 *   recovery      a directory becomes a log again
 *   append        a cut gets to the end of the log
 *   segment       the files as one set, and who reads them
 *   index         where each key's record is
 *   format        what the bytes mean
 * </pre>
 */
@NullMarked
package io.nadb.internal.log;

import org.jspecify.annotations.NullMarked;
