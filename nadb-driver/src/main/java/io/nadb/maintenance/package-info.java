/**
 * What the owner of an open store may have done that the store otherwise does by itself, when it is
 * worth while: start with {@link io.nadb.maintenance.Compaction#of}.
 */
@NullMarked
package io.nadb.maintenance;

import org.jspecify.annotations.NullMarked;
