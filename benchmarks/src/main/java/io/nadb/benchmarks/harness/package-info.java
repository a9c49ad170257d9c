/** What the test harness costs the tests that use it. */
@NullMarked
package io.nadb.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
