package io.nadb.application;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Does what it is told, line by line, and answers each line with one.
 *
 * <pre>
 *   open  id url        close id        flush id
 *   set   id keys bytes                 get   id key
 *   apart url           another application, in a class loader of its own, opens a store
 *   fill  file          until the disk is full
 *   free  file          removes it
 *   deploy times url    an application in a class loader of its own opens, uses and closes a store,
 *                       so many times; tells how many class loaders stay
 * </pre>
 */
public final class Application {
  private static final int MAX_COLLECTIONS = 100;

  private final Map<String, KeyValueStore> stores = new HashMap<>();

  /** What keeps other applications' stores open. */
  private final List<Object> others = new ArrayList<>();

  private Application() {}

  /** Obeys until there is no line more. */
  public static void main(String[] arguments) throws Exception {
    Application application = new Application();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(application.obey(line.split(" ")));
    }
  }

  private String obey(String[] words) throws Exception {
    try {
      switch (words[0]) {
        case "open" -> stores.put(words[1], NadbDriverManager.open(words[2]));
        case "close" -> {
          store(words[1]).close();
          stores.remove(words[1]);
        }
        case "apart" -> apart(words[1]);
        case "flush" -> store(words[1]).flush();
        case "get" -> store(words[1]).get(words[2]);
        case "set" -> {
          for (int i = 0; i < Integer.parseInt(words[2]); i++) {
            store(words[1]).set("key" + i, new byte[Integer.parseInt(words[3])]);
          }
        }
        case "fill" -> fill(Path.of(words[1]));
        case "free" -> Files.delete(Path.of(words[1]));
        case "deploy" -> {
          return deploy(Integer.parseInt(words[1]), words[2]) + " class loaders stay";
        }
        default -> throw new IllegalArgumentException(words[0]);
      }
      return "ok";
    } catch (NadbException e) {
      return "failed: " + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }

  private KeyValueStore store(String id) {
    return Objects.requireNonNull(stores.get(id), id);
  }

  /** Writes a file until the disk is full. */
  private static void fill(Path file) throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      if (!"No space left on device".equals(e.getMessage())) {
        throw e;
      }
    }
  }

  private void apart(String url) throws Exception {
    URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
    others.add(
        loader
            .loadClass(Deployed.class.getName())
            .getMethod("open", String.class)
            .invoke(null, url));
  }

  private static int deploy(int times, String url) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      loaders.add(new WeakReference<>(deployOnce(url)));
    }
    for (int i = 0; i < MAX_COLLECTIONS; i++) {
      System.gc();
      if (loaders.stream().allMatch(loader -> loader.get() == null)) {
        return 0;
      }
    }
    return (int) loaders.stream().filter(loader -> loader.get() != null).count();
  }

  private static ClassLoader deployOnce(String url) throws Exception {
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(classPath(), platform)) {
      loader.loadClass(Deployed.class.getName()).getMethod("run", String.class).invoke(null, url);
      return loader;
    }
  }

  private static URL[] classPath() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : List.of(System.getProperty("java.class.path").split(File.pathSeparator))) {
      if (!entry.contains("nadb-agent")) {
        urls.add(url(entry));
      }
    }
    return urls.toArray(URL[]::new);
  }

  private static URL url(String entry) throws MalformedURLException {
    return Path.of(entry).toUri().toURL();
  }
}
