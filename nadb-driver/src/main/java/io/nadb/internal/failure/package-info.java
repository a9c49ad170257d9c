/** How failures of others are told to users. */
@NullMarked
package io.nadb.internal.failure;

import org.jspecify.annotations.NullMarked;
