/** Registries, drivers, URLs, locks: how stores are opened and closed. */
@NullMarked
package io.nadb.registry;

import org.jspecify.annotations.NullMarked;
