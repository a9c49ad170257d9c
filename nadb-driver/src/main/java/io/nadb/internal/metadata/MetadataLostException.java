package io.nadb.internal.metadata;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The metadata database was damaged or replaced and is not what it was: the caller must read {@link
 * KeyValueMetadata#applied()} again, apply the log from there on, and then ask again.
 */
public final class MetadataLostException extends IOException {
  private static final long serialVersionUID = 1L;

  MetadataLostException(Path file, @Nullable Throwable cause) {
    super(
        file + ": the metadata database was lost and begun anew; apply the log and ask again",
        cause);
  }
}
