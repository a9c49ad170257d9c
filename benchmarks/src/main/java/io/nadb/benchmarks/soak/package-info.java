/** A store under full load for a long time, and what it takes of memory and disk meanwhile. */
@NullMarked
package io.nadb.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
