/** What the bytes of the log's files mean: headers, records, commits, checksums, names of files. */
@NullMarked
package io.nadb.internal.log.format;

import org.jspecify.annotations.NullMarked;
