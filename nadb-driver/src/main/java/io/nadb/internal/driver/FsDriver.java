package io.nadb.internal.driver;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.NadbUrlException;
import io.nadb.internal.log.LogBackend;
import io.nadb.internal.log.ReadOnlyLog;
import io.nadb.internal.log.append.HistoryWindow;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.url.HistoryLimits;
import io.nadb.internal.url.Metadata;
import io.nadb.internal.url.StandardOptions;
import io.nadb.internal.url.StoreAccess;
import io.nadb.spi.DriverContext;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.Option;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code nadb:fs:<path>}: stores in a directory. */
public final class FsDriver implements NadbDriver {
  private static final int MAX_DIRECTORY_NAME = 255;

  private static final Pattern OTHER_URL =
      Pattern.compile("(?i)(file|nadb|fs|jdbc):|[a-z][a-z0-9+.-]+://");

  /** For the service loader. */
  public FsDriver() {}

  @Override
  public String scheme() {
    return "fs";
  }

  @Override
  public List<Option<?>> options() {
    return List.of(
        StandardOptions.COMPRESSION,
        StandardOptions.SEGMENT,
        StandardOptions.METADATA,
        StandardOptions.MEMORY,
        StandardOptions.ACCESS,
        StandardOptions.HISTORY);
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    if (!context.url().endpoints().isEmpty()) {
      throw new NadbUrlException(
          "The scheme 'fs' takes a path and no host: "
              + context.url()
              + "\nWrite nadb:fs:/absolute/path or nadb:fs:relative/path");
    }
    long memoryBytes = context.option(StandardOptions.MEMORY).orElseGet(FsDriver::memoryForFiles);
    if (context.option(StandardOptions.ACCESS) == StoreAccess.READ) {
      Path directory = directory(context, FsDriver::check);
      return context.openStore(
          directory.toString(),
          () -> ReadOnlyLog.open(directory, memoryBytes, context.io(), context.time()));
    }
    Path directory = directory(context, path -> create(path, context.io()));
    LogSettings settings =
        new LogSettings(
            context.option(StandardOptions.SEGMENT),
            context.option(StandardOptions.COMPRESSION),
            context.option(StandardOptions.METADATA) == Metadata.SQLITE,
            memoryBytes,
            context.option(StandardOptions.HISTORY).map(FsDriver::window).orElse(null));
    return context.openStore(
        directory.toString(),
        () -> LogBackend.open(directory, settings, context.io(), context.time()));
  }

  private static HistoryWindow window(HistoryLimits limits) {
    return new HistoryWindow(
        limits.age().map(Duration::toMillis).orElse(Long.MAX_VALUE),
        limits.bytes().orElse(Long.MAX_VALUE));
  }

  private static long memoryForFiles() {
    return new ProcessMemory(Path.of("/")).forFiles(Runtime.getRuntime().maxMemory());
  }

  /** Sees to it that a directory is there. */
  private interface Provision {
    void of(Path directory) throws IOException;
  }

  /** Gives the database's directory by the one name that it has whatever the URL said. */
  private static Path directory(DriverContext context, Provision provision) {
    String name = directoryName(context.option(StandardOptions.DB));
    checkIsPath(context);
    try {
      Path directory = Path.of(context.url().path()).resolve(name).toAbsolutePath();
      provision.of(directory);
      return directory.toRealPath();
    } catch (InvalidPathException e) {
      throw new NadbUrlException("No path: " + context.url() + ": " + LocationFailure.describe(e));
    } catch (IOException e) {
      throw new NadbException(
          "can't use the directory of " + context.url() + ": " + LocationFailure.describe(e), e);
    }
  }

  /** Refuses what would silently become a directory of a name that nobody means. */
  private static void checkIsPath(DriverContext context) {
    String path = context.url().path();
    String instead = "nadb:fs:./" + path + " if a directory of that name is meant";
    if (path.startsWith("~")) {
      throw new NadbUrlException(
          "'~' stands for no directory in a URL: "
              + context.url()
              + "\nWrite the whole path, as nadb:fs:"
              + System.getProperty("user.home")
              + "/data, or "
              + instead);
    }
    if (path.startsWith("$")) {
      throw new NadbUrlException(
          "A path takes no variables: " + context.url() + "\nWrite the whole path, or " + instead);
    }
    if (OTHER_URL.matcher(path).lookingAt()) {
      throw new NadbUrlException(
          "The scheme 'fs' takes a path and no other URL: "
              + context.url()
              + "\nWrite nadb:fs:/absolute/path or nadb:fs:relative/path, or "
              + instead);
    }
  }

  /** Who only reads creates nothing. */
  private static void check(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          directory
              + (Files.exists(directory) ? " is no directory" : " does not exist")
              + "; access=read creates nothing");
    }
  }

  /** Creates a directory, with its parents; opening the log makes their names durable. */
  static void create(Path directory, StorageIo io) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = directory; path != null && Files.notExists(path); path = path.getParent()) {
      missing.push(path);
    }
    for (Path each : missing) {
      try {
        io.createDirectory(each);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(each)) { // Else another process was faster.
          throw e;
        }
      }
    }
    Files.createDirectories(directory); // Says what is wrong, if that is no directory.
  }

  /**
   * Escapes what file systems treat specially, so that every database has a directory of its own.
   */
  static String directoryName(String db) {
    StringBuilder name = new StringBuilder();
    for (byte b : db.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= '0' && b <= '9')
              || (b >= 'A' && b <= 'Z')
              || b == '_'
              || b == '-'
              || (b == '.' && !name.isEmpty());
      if (plain) {
        name.append((char) b);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
    }
    if (name.length() > MAX_DIRECTORY_NAME) {
      throw new NadbUrlException(
          "Option 'db' makes a directory name of "
              + name.length()
              + " bytes ("
              + name.substring(0, 40)
              + "…); at most "
              + MAX_DIRECTORY_NAME
              + " are allowed");
    }
    return name.toString();
  }
}
