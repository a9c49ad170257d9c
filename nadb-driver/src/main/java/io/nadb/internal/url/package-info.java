/**
 * The URL grammar and the one table of options.
 *
 * <p>{@link io.nadb.internal.url.UrlParser} splits a URL, {@link io.nadb.internal.url.OptionValues}
 * checks its options, and those given beside it, against what a driver accepts. Both explain a
 * mistake by showing the URL with a caret, and never show a credential: {@link
 * io.nadb.internal.url.Redaction} decides what may be seen.
 */
@NullMarked
package io.nadb.internal.url;

import org.jspecify.annotations.NullMarked;
