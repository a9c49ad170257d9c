package io.nadb.testkit.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The servers that the library {@code com.github.codemonstur:embedded-redis} carries, if it is on
 * the class path. Only its files are used, by their names, none of its classes.
 */
final class EmbeddedBinaries {
  static final String LIBRARY = "com.github.codemonstur:embedded-redis";
  private static final String MARK = "redis/embedded/RedisServer.class";
  private static final String PREFIX = "redis-server-";

  private final ClassLoader loader;

  EmbeddedBinaries(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Copies the server for this machine into a directory.
   *
   * @throws IOException if there is none, or it doesn't run here; the message says which
   */
  RedisBinary extract(Path directory) throws IOException {
    URL mark = loader.getResource(MARK);
    if (mark == null) {
      throw new IOException(LIBRARY + " is not on the class path");
    }
    URLConnection connection = mark.openConnection();
    connection.setUseCaches(false);
    if (!(connection instanceof JarURLConnection jarConnection)) {
      throw new IOException(LIBRARY + " is no jar file: " + mark);
    }
    try (JarFile jar = jarConnection.getJarFile()) {
      return extract(jar, directory);
    }
  }

  private static RedisBinary extract(JarFile jar, Path directory) throws IOException {
    String library = new File(jar.getName()).getName();
    List<String> platforms = platforms();
    @Nullable IOException failure = null;
    for (String platform : platforms) {
      ZipEntry entry = find(jar, platform);
      if (entry != null) {
        try {
          Path executable = copy(jar, entry, directory);
          return RedisBinary.probe(executable, entry.getName() + " of " + library);
        } catch (IOException e) {
          IOException wrapped =
              new IOException(entry.getName() + " of " + library + ": " + e.getMessage(), e);
          if (failure == null) {
            failure = wrapped;
          } else {
            failure.addSuppressed(wrapped);
          }
        }
      }
    }
    throw failure != null ? failure : new IOException(library + " has no server for " + platforms);
  }

  private static @Nullable ZipEntry find(JarFile jar, String platform) {
    return jar.stream()
        .filter(entry -> entry.getName().startsWith(PREFIX))
        .filter(entry -> entry.getName().replaceFirst("\\.exe$", "").endsWith("-" + platform))
        .findFirst()
        .orElse(null);
  }

  private static Path copy(JarFile jar, ZipEntry entry, Path directory) throws IOException {
    Path executable = directory.resolve(entry.getName());
    try (InputStream content = jar.getInputStream(entry)) {
      Files.copy(content, executable, StandardCopyOption.REPLACE_EXISTING);
    }
    if (!executable.toFile().setExecutable(true)) {
      throw new IOException("can't be made executable in " + directory);
    }
    return executable;
  }

  /** What the files for this machine end with, best first. */
  private static List<String> platforms() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    if (os.startsWith("windows")) {
      return List.of("windows-amd64");
    }
    if (os.contains("mac")) {
      return List.of(arm ? "darwin-arm64" : "darwin-amd64");
    }
    // The one for 386 needs no library, and so runs where the other one finds no OpenSSL 3.
    return arm ? List.of("linux-arm64") : List.of("linux-amd64", "linux-386");
  }
}
