/** What tests share, those of the driver and those of other modules. */
@NullMarked
package io.nadb.testing;

import org.jspecify.annotations.NullMarked;
