/** What tests share, those of the driver and those of the module {@code tests}. */
@NullMarked
package io.nadb.testing;

import org.jspecify.annotations.NullMarked;
