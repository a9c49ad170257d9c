/** Stores a folder of real files, watches the flushes, and verifies every byte. */
@NullMarked
package io.nadb.samples.quickstart;

import org.jspecify.annotations.NullMarked;
