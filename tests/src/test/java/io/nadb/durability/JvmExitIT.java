package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the end of a JVM does with stores that are still open. */
class JvmExitIT {
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());
  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  private String url(String options) {
    return "nadb:fs:" + directory + "?" + options;
  }

  private int run(Class<?> main, String... urls) throws Exception {
    try (ChildJvm child = ChildJvm.start(main, urls)) {
      return child.exitCode();
    }
  }

  /** Leaves a store open at the end of {@code main}. */
  static final class Returns {
    public static void main(String[] arguments) {
      NadbDriverManager.open(arguments[0]).set("k", utf8("v"));
    }
  }

  @Test
  void aNormalExitFlushes() throws Exception {
    assertThat(run(Returns.class, url("flush=1h"))).isZero();

    assertThat(text(registry.open(url("flush=5s")), "k")).contains("v");
    assertThat(directory.resolve("main/nadb.owner"))
        .as("it is ours now")
        .content()
        .contains("state: open", "pid: " + ProcessHandle.current().pid());
  }

  @Test
  void discardLosesWhatIsBufferedButLetsGo() throws Exception {
    assertThat(run(Returns.class, url("flush=1h&shutdown=discard"))).isZero();

    assertThat(directory.resolve("main/nadb.owner")).content().contains("state: closed");
    assertThat(registry.open(url("flush=5s")).keys("")).isEmpty();
  }

  @Test
  void offDoesNothing() throws Exception {
    assertThat(run(Returns.class, url("flush=1h&shutdown=off"))).isZero();

    assertThat(directory.resolve("main/nadb.owner")).content().contains("state: open");
    assertThat(registry.open(url("flush=5s")).keys("")).isEmpty();
  }

  /** Exits from within the use of a store. */
  static final class Exits {
    public static void main(String[] arguments) {
      try (KeyValueStore store = NadbDriverManager.open(arguments[0])) {
        store.set("k", utf8("v"));
        System.exit(3);
      }
    }
  }

  @Test
  void systemExitInsideFlushes() throws Exception {
    assertThat(run(Exits.class, url("flush=1h"))).isEqualTo(3);

    assertThat(text(registry.open(url("flush=5s")), "k")).contains("v");
  }

  /** Lets one store be flushed at exit by NADB's hook, and closes one in its own. */
  static final class OwnHook {
    public static void main(String[] arguments) {
      KeyValueStore ours = NadbDriverManager.open(arguments[0]);
      KeyValueStore own = NadbDriverManager.open(arguments[1]);
      ours.set("k", utf8("v"));
      own.set("k", utf8("v"));
      Runtime.getRuntime().addShutdownHook(new Thread(own::close));
    }
  }

  @Test
  void aStoreThatIsLeftAloneCanBeClosedByAnotherHook() throws Exception {
    String ours = url("db=ours&flush=1h");
    String own = url("db=own&flush=1h&shutdown=off");
    assertThat(run(OwnHook.class, ours, own)).isZero();

    assertThat(text(registry.open(ours), "k")).contains("v");
    assertThat(text(registry.open(own), "k")).contains("v");
  }

  /** Has a disk that never answers. */
  static final class Hangs {
    public static void main(String[] arguments) {
      StoreRegistry registry = StoreRegistry.create();
      Faults faults = FaultyDriver.install(registry, "fs");
      registry.open(arguments[0]).set("k", utf8("v"));
      faults.block();
    }
  }

  @Test
  void aDiskThatHangsDoesNotKeepTheJvmFromExiting() throws Exception {
    assertThat(run(Hangs.class, url("flush=1h"))).as("it exits within its limit").isZero();

    assertThat(registry.open(url("flush=5s")).keys("")).isEmpty();
  }
}
