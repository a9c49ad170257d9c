/**
 * A disk that writes down what is done to it, fails when told so, and tells what a power cut may
 * leave of it: for tests of backends whose files are written through {@link io.nadb.spi.StorageIo}.
 */
@NullMarked
package io.nadb.testkit.disk;

import org.jspecify.annotations.NullMarked;
