/** Tests of what people read and write. */
@NullMarked
package io.nadb.cli.text;

import org.jspecify.annotations.NullMarked;
