/** What being watched costs. */
@NullMarked
package io.nadb.benchmarks.agent;

import org.jspecify.annotations.NullMarked;
