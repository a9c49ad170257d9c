/** The shared background thread; knows nothing of stores. */
@NullMarked
package io.nadb.internal.sync;

import org.jspecify.annotations.NullMarked;
