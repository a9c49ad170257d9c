/** What a log was earlier: the cuts that it still has, and an index over it as of one of them. */
@NullMarked
package io.nadb.internal.log.history;

import org.jspecify.annotations.NullMarked;
