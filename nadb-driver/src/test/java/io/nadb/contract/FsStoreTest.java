package io.nadb.contract;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** {@code nadb:fs:} keeps the contract. */
class FsStoreTest extends StoreContract {
  @TempDir private Path directory;

  FsStoreTest() {
    super("fs");
  }

  @Override
  public String url() {
    return "nadb:fs:" + directory.resolve("data");
  }
}
