/** Trials in fresh JVMs, and where their results are kept. */
@NullMarked
package io.nadb.benchmarks.run;

import org.jspecify.annotations.NullMarked;
