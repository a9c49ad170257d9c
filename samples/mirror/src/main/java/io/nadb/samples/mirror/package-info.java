/** A copy of a store that follows it. */
@NullMarked
package io.nadb.samples.mirror;

import org.jspecify.annotations.NullMarked;
