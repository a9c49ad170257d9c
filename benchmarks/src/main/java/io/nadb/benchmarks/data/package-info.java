/** What is written and read: keys, values, and which of them comes next. */
@NullMarked
package io.nadb.benchmarks.data;

import org.jspecify.annotations.NullMarked;
