/** Proofs of the durability promise. */
@NullMarked
package io.nadb.proof;

import org.jspecify.annotations.NullMarked;
