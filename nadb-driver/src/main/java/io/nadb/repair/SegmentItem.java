package io.nadb.repair;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.SegmentHeader;
import io.nadb.internal.log.segment.MappedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment that counts.
 *
 * @param header null if it is damaged
 * @param version the format's
 * @param hasher of the log that it belongs to
 * @param start where its first cut begins
 * @param limit where what counts of it ends at the latest
 * @param proven up to where it is known to have been written and on disk
 * @param last whether none follows it
 */
record SegmentItem(
    Path file,
    @Nullable SegmentHeader header,
    int version,
    KeyHasher hasher,
    long start,
    long limit,
    long proven,
    boolean last) {

  /** Maps as much of the file as a segment can have. */
  MappedFile map() throws IOException {
    return MappedFile.map(file, Math.min(Files.size(file), Integer.MAX_VALUE));
  }
}
