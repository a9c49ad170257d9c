/** What can be seen of open stores from outside: by the flight recorder and by an agent. */
@NullMarked
package io.nadb.internal.watch;

import org.jspecify.annotations.NullMarked;
