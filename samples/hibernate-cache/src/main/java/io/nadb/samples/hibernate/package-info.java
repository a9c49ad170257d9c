/** Hibernate with a second-level cache that is warm when the application starts again. */
@NullMarked
package io.nadb.samples.hibernate;

import org.jspecify.annotations.NullMarked;
