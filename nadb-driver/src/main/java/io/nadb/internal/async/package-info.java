/** Calls that nobody waits for: in which order they are made, by whom, and how many at most. */
@NullMarked
package io.nadb.internal.async;

import org.jspecify.annotations.NullMarked;
