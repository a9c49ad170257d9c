/**
 * What can be told of a store's files after a crash or damage, and what can be saved of them: start
 * with {@link io.nadb.repair.Autopsy#of} and {@link io.nadb.repair.Repair#of}.
 */
@NullMarked
package io.nadb.repair;

import org.jspecify.annotations.NullMarked;
