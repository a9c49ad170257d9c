/** The shared background thread, and the one that stands by; they know nothing of stores. */
@NullMarked
package io.nadb.internal.sync;

import org.jspecify.annotations.NullMarked;
