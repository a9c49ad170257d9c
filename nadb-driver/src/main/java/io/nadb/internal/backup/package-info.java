/** How a store's files become a backup, and a backup's files a store. */
@NullMarked
package io.nadb.internal.backup;

import org.jspecify.annotations.NullMarked;
