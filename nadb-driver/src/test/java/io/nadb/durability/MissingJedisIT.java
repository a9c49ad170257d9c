package io.nadb.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.testing.ChildJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code nadb:redis:} where its library, which is optional, is not there. */
class MissingJedisIT {

  @TempDir private Path directory;

  /** Opens a store on Redis, and one in files. */
  static final class Child {
    public static void main(String[] arguments) {
      assertThatThrownBy(() -> NadbDriverManager.open("nadb:redis://:hunter2@127.0.0.1:1"))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("nadb:redis: needs the library " + arguments[1])
          .hasMessageNotContaining("hunter2");
      assertThat(NadbDriverManager.describe("nadb:redis://h")).isNotEmpty();
      try (KeyValueStore store = NadbDriverManager.open("nadb:fs:" + arguments[0])) {
        store.set("k", new byte[1]);
      }
      System.out.println("passed");
    }
  }

  @ParameterizedTest
  @CsvSource({"jedis, redis.clients:jedis", "commons-pool2, org.apache.commons:commons-pool2"})
  void theErrorSaysWhatToDoAndNothingElseFails(String without, String missing) throws Exception {
    String place = directory.resolve(without).toString();
    try (ChildJvm child = ChildJvm.startWithout(without, Child.class, place, missing)) {
      assertThat(child.line()).as("its standard error says why not").isEqualTo("passed");
      assertThat(child.exitCode()).isZero();
    }
  }
}
