/** What users of {@code nadb:redis:} write, on the versions of Jedis that they may have. */
@NullMarked
package io.nadb.compatibility;

import org.jspecify.annotations.NullMarked;
