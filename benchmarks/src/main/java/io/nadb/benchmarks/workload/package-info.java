/** What the stores have to do, one class per kind of work. */
@NullMarked
package io.nadb.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
