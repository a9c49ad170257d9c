/** How the command writes and reads what people do: tables, JSON, sizes, times, progress. */
@NullMarked
package io.nadb.cli.text;

import org.jspecify.annotations.NullMarked;
