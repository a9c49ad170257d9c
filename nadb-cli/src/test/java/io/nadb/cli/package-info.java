/** Tests of the command {@code nadb}. */
@NullMarked
package io.nadb.cli;

import org.jspecify.annotations.NullMarked;
