/**
 * Tests with NADB that are fast, deterministic and readable.
 *
 * <p>Most users get these types injected by nadb-junit: {@link io.nadb.testkit.VirtualTime} moves
 * the clock, {@link io.nadb.testkit.Faults} makes the disk fail, {@link
 * io.nadb.testkit.NadbHarness} crashes and reopens a store, and {@link
 * io.nadb.testkit.NadbAssertions} says what a store must hold. With another test framework, begin
 * with {@link io.nadb.testkit.NadbHarness#create()}.
 */
@NullMarked
package io.nadb.testkit;

import org.jspecify.annotations.NullMarked;
