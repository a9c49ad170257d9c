/** The registry of stores: which are open, under what names and for whom, and what ends them. */
@NullMarked
package io.nadb.internal.registry;

import org.jspecify.annotations.NullMarked;
