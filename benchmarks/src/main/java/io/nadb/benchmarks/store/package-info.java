/** The stores that are compared, each behind one interface. */
@NullMarked
package io.nadb.benchmarks.store;

import org.jspecify.annotations.NullMarked;
