/** Caches and sessions on NADB beside those that a user would pick instead. */
@NullMarked
package io.nadb.benchmarks.caches;

import org.jspecify.annotations.NullMarked;
