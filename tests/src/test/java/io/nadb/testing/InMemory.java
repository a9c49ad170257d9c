package io.nadb.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * A temporary directory in memory, where Linux has one: for tests that simulate the disk, and make
 * thousands of stores whose real files nobody needs on a real one. Whoever names a directory for
 * temporary files (java.io.tmpdir) wants them there, and gets them there.
 */
public final class InMemory implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    boolean usual = System.getProperty("java.io.tmpdir").equals("/tmp");
    return usual && Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "nadb")
        : Files.createTempDirectory("nadb");
  }
}
