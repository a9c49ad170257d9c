package io.nadb.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.testing.ChildJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nadb:redis:} where its library, which is optional, is not there. */
class MissingJedisIT {

  @TempDir private Path directory;

  /** Opens a store on Redis, and one in files. */
  static final class Child {
    public static void main(String[] arguments) {
      assertThatThrownBy(() -> NadbDriverManager.open("nadb:redis://:hunter2@127.0.0.1:1"))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("nadb:redis: needs the library redis.clients:jedis")
          .hasMessageNotContaining("hunter2");
      assertThat(NadbDriverManager.describe("nadb:redis://h")).isNotEmpty();
      try (KeyValueStore store = NadbDriverManager.open("nadb:fs:" + arguments[0])) {
        store.set("k", new byte[1]);
      }
      System.out.println("passed");
    }
  }

  @Test
  void theErrorSaysWhatToDoAndNothingElseFails() throws Exception {
    try (ChildJvm child = ChildJvm.startWithout("jedis", Child.class, directory.toString())) {
      assertThat(child.line()).as("its standard error says why not").isEqualTo("passed");
      assertThat(child.exitCode()).isZero();
    }
  }
}
