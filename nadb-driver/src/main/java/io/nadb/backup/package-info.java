/**
 * Backups of {@code nadb:fs:} stores, made while they are used: start with {@link
 * io.nadb.backup.Backups#at}.
 */
@NullMarked
package io.nadb.backup;

import org.jspecify.annotations.NullMarked;
