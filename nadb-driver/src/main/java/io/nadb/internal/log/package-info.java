/**
 * The fs engine: an append-only log of atomic cuts, an index in memory, and what follows from it.
 */
@NullMarked
package io.nadb.internal.log;

import org.jspecify.annotations.NullMarked;
