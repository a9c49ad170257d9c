/** What must work on every version of JUnit and AssertJ that users may choose. */
@NullMarked
package io.nadb.compatibility;

import org.jspecify.annotations.NullMarked;
