package io.nadb.spi;

import org.jspecify.annotations.Nullable;

/**
 * A backend's figures.
 *
 * @param keys how many keys it holds, expired ones included
 * @param liveBytes bytes that belong to a current entry
 * @param totalBytes bytes in all
 * @param compactions how many times files were rewritten to give space back
 * @param metadataLag how far derived metadata is behind, in sequence numbers
 * @param metadataFailure why derived metadata can't be kept up; null if it can
 */
public record BackendStats(
    long keys,
    long liveBytes,
    long totalBytes,
    long compactions,
    long metadataLag,
    @Nullable String metadataFailure) {}
