/** What the driver's own tests share. */
@NullMarked
package io.nadb.testing;

import org.jspecify.annotations.NullMarked;
