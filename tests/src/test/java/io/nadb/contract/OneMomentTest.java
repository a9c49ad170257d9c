package io.nadb.contract;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which the driver keeps entries itself answers from one moment. */
class OneMomentTest {

  @Nested
  class InFiles extends OneMomentContract {
    @TempDir private Path directory;

    InFiles() {
      super("fs");
    }

    @Override
    String url() {
      return "nadb:fs:" + directory.resolve("data");
    }
  }

  @Nested
  class InFilesBeyondMemory extends OneMomentContract {
    @TempDir private Path directory;

    InFilesBeyondMemory() {
      super("fs");
    }

    @Override
    String url() {
      return "nadb:fs:" + directory.resolve("data") + "?memory=0b";
    }
  }

  @Nested
  class InMemory extends OneMomentContract {

    InMemory() {
      super("mem");
    }

    @Override
    String url() {
      return "nadb:mem:test";
    }
  }
}
