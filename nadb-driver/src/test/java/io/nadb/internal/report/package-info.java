/** Tests of how the library says what happens. */
@NullMarked
package io.nadb.internal.report;

import org.jspecify.annotations.NullMarked;
