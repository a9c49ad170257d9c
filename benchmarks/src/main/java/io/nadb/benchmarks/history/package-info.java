/** What it costs to keep what a store was. */
@NullMarked
package io.nadb.benchmarks.history;

import org.jspecify.annotations.NullMarked;
