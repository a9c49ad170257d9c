/** {@code nadb:mem:}: a backend that keeps everything in this JVM's heap. */
@NullMarked
package io.nadb.internal.memory;

import org.jspecify.annotations.NullMarked;
