/** What these tests share. */
@NullMarked
package io.nadb.testing;

import org.jspecify.annotations.NullMarked;
