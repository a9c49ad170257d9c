/** What follows the log in the background: compaction, hints, the metadata database. */
@NullMarked
package io.nadb.internal.log.maintenance;

import org.jspecify.annotations.NullMarked;
