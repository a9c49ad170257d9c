/** What answers questions other than for one key: by tag, by expiry, by the order of keys. */
@NullMarked
package io.nadb.internal.log.query;

import org.jspecify.annotations.NullMarked;
