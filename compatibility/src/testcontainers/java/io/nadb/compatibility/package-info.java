/** The same container on another version of Testcontainers than NADB is compiled with. */
@NullMarked
package io.nadb.compatibility;

import org.jspecify.annotations.NullMarked;
