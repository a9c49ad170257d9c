/** Test classes to copy. */
@NullMarked
package io.nadb.samples.testing;

import org.jspecify.annotations.NullMarked;
