package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.connect;
import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real lock: that of somebody else is not waited for, or this would not end. */
class MetadataLockIT {
  @TempDir Path directory;

  @Test
  void aWriteLockOfAnotherProcessIsGivenUpOnWhileItLasts() throws Exception {
    Path file = directory.resolve("metadata.db");
    try (KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-1");
        Connection other = connect(file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> metadata.apply(List.of(put("app", entry("a", 1))), position(1)))
          .isInstanceOf(IOException.class);
      statement.execute("COMMIT"); // Only now.
    }
  }
}
