/** Where everything is put together: the registry, and NADB's own drivers. */
@NullMarked
package io.nadb.internal.driver;

import org.jspecify.annotations.NullMarked;
