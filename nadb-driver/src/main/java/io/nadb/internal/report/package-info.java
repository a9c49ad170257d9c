/** How the parts of the library say what happens to them. */
@NullMarked
package io.nadb.internal.report;

import org.jspecify.annotations.NullMarked;
