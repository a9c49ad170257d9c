package io.nadb.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.testing.ChildJvm;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file that another program cuts under an open store, in code that the JVM has compiled: there it
 * tells of a page that can't be read some time after the reading.
 */
class CutFileIT {
  private static final int KEYS = 60;

  @TempDir private Path directory;

  /** Asks a store for all that is in a file, and cuts that under it. */
  static final class Reader {
    private static final List<Consumer<KeyValueStore>> QUESTIONS =
        List.of(
            store -> ask(store::get),
            store -> ask(store::contains),
            store -> ask(store::metadata),
            store -> ask(store::entry),
            store -> ask(key -> store.transaction(tx -> tx.get(key))),
            store -> ask(key -> store.compute(key, value -> value)),
            store -> ask(key -> store.keys("key")),
            store -> ask(key -> store.queryByTags("tag")),
            store -> ask(key -> store.tags()));

    /** A question about one key. */
    private interface Question {
      Object about(String key);
    }

    public static void main(String[] arguments) throws Exception {
      for (int i = 0; i < QUESTIONS.size(); i++) {
        Path folder = Path.of(arguments[0]).resolve("q" + i);
        String url = "nadb:fs:" + folder + "?db=app&metadata=none&flush=off&sweep=off";
        StoreRegistry registry = StoreRegistry.create();
        try (KeyValueStore store = registry.open(url)) {
          for (int k = 0; k < KEYS; k++) {
            store.set("key" + k, new byte[3000], SetOptions.tags("tag"));
          }
        }
        KeyValueStore store = registry.open(url);
        QUESTIONS.get(i).accept(store);
        Path segment = LogFiles.segment(folder.resolve("app").resolve("log"), 1);
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
          file.truncate(SegmentFormat.HEADER_BYTES);
        }
        System.out.println("question " + i);
        QUESTIONS.get(i).accept(store);
      }
      System.out.println("end");
    }

    private static void ask(Question question) {
      for (int k = 0; k < KEYS; k++) {
        String key = "key" + k;
        Throwable thrown = catchThrowable(() -> question.about(key));
        if (thrown != null && !(thrown instanceof NadbException)) {
          System.out.println("bare " + thrown);
          return;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation"})
  void everyQuestionIsAnsweredByAnErrorOfTheStore(String compiler) throws Exception {
    List<String> options =
        List.of("-Xbatch", compiler, "-XX:CompileThreshold=50", "-XX:Tier3InvocationThreshold=50");
    try (ChildJvm child = ChildJvm.startWith(options, Reader.class, directory.toString())) {
      for (int i = 0; i < Reader.QUESTIONS.size(); i++) {
        assertThat(child.line()).isEqualTo("question " + i);
      }
      assertThat(child.line()).isEqualTo("end");
    }
  }
}
