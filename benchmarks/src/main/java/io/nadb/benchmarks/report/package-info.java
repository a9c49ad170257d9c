/** Medians, ratios, targets, tables and the chart. */
@NullMarked
package io.nadb.benchmarks.report;

import org.jspecify.annotations.NullMarked;
