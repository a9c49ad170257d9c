/** What stores cost in which nothing happens. */
@NullMarked
package io.nadb.idle;

import org.jspecify.annotations.NullMarked;
