/**
 * NADB in JUnit tests: {@link io.nadb.junit.NadbStore} on a field or a parameter is all that most
 * tests need.
 */
@NullMarked
package io.nadb.junit;

import org.jspecify.annotations.NullMarked;
