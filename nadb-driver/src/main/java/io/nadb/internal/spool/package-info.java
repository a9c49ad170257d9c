/**
 * A log in front of a server: what is written is on this machine's disk before the server has it.
 */
@NullMarked
package io.nadb.internal.spool;

import org.jspecify.annotations.NullMarked;
