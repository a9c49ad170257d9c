/** Tests that run with other versions of sqlite-jdbc. */
@NullMarked
package io.nadb.compatibility;

import org.jspecify.annotations.NullMarked;
