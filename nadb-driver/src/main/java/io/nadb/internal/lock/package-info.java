/**
 * Whose a directory is: the claim of one process on it, and how others and it itself check that.
 */
@NullMarked
package io.nadb.internal.lock;

import org.jspecify.annotations.NullMarked;
