/** The command {@code nadb}: {@link io.nadb.cli.NadbCli} runs it. */
@NullMarked
package io.nadb.cli;

import org.jspecify.annotations.NullMarked;
