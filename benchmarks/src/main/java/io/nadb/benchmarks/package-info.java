/** The command that measures NADB beside the stores a user would pick instead. */
@NullMarked
package io.nadb.benchmarks;

import org.jspecify.annotations.NullMarked;
