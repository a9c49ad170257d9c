/** What stores cost in which nothing happens. */
@NullMarked
package io.nadb.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
