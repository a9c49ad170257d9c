/** What backups and restores cost, and how fast they are. */
@NullMarked
package io.nadb.benchmarks.backup;

import org.jspecify.annotations.NullMarked;
