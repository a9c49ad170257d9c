/** Where each key's record is: a hash table on the heap that knows no keys, only fingerprints. */
@NullMarked
package io.nadb.internal.log.index;

import org.jspecify.annotations.NullMarked;
