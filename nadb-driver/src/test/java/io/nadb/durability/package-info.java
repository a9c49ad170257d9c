/** What is on disk when, and what happens while the disk fails or hangs. */
@NullMarked
package io.nadb.durability;

import org.jspecify.annotations.NullMarked;
