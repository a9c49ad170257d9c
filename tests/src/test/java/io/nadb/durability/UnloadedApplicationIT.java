package io.nadb.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.VirtualTime;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that brings NADB and SQLite along, as a web application does, and is taken away.
 */
class UnloadedApplicationIT {
  private static final int MAX_COLLECTIONS = 100;

  @TempDir private Path directory;

  /** What is in a class loader of its own. */
  public static final class Deployed {
    public static void run(String folder) {
      VirtualTime time = new VirtualTime();
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = registry.open("nadb:fs:" + folder + "?flush=5s&segment=64kb");
        for (int i = 0; i < 1500; i++) {
          store.set("key:" + i, "value".getBytes(UTF_8), io.nadb.SetOptions.tags("t"));
        }
        time.advance(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(2)); // Calm enough for metadata.db.
        if (store.queryByTags("t").size() != 1500
            || store.stats().metadataFailure().isPresent()
            || !Files.exists(Path.of(folder, "main/metadata.db"))) {
          throw new IllegalStateException("SQLite has not been used: " + store.stats());
        }
      }
    }
  }

  /** Deploys it and takes it away, and tells how many class loaders stay. */
  static final class Container {
    public static void main(String[] arguments) throws Exception {
      List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        loaders.add(new WeakReference<>(deploy(arguments[0] + "/" + i)));
      }
      long left = loaders.size();
      for (int i = 0; i < MAX_COLLECTIONS && left > 0; i++) {
        System.gc();
        left = loaders.stream().filter(loader -> loader.get() != null).count();
      }
      System.out.println(left + " class loaders stay");
    }

    private static ClassLoader deploy(String folder) throws Exception {
      List<URL> urls = new ArrayList<>();
      for (String entry : ChildJvm.classPathEntries()) {
        urls.add(Path.of(entry).toUri().toURL());
      }
      ClassLoader platform = ClassLoader.getPlatformClassLoader();
      try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
        loader
            .loadClass(Deployed.class.getName())
            .getMethod("run", String.class)
            .invoke(null, folder);
        return loader;
      }
    }
  }

  @Test
  void leavesNothingBehindThatHoldsItsClassLoader() throws Exception {
    try (ChildJvm child = ChildJvm.start(Container.class, directory.toString())) {
      assertThat(child.line()).isEqualTo("0 class loaders stay");
      assertThat(child.exitCode()).isZero();
    }
  }
}
