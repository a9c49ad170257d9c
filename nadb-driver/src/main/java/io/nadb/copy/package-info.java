/**
 * Copies of whole stores to other places, of any kind: start with {@link
 * io.nadb.copy.StoreCopy#from(String)}.
 */
@NullMarked
package io.nadb.copy;

import org.jspecify.annotations.NullMarked;
