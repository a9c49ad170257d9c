package io.nadb.internal.metadata;

import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Whether this JVM can use SQLite: its library may be missing, and may not let itself be loaded.
 * Tried once, when the first database is needed, since neither changes while a JVM runs; and said
 * aloud once, however many stores do without.
 */
public final class SqliteLibrary {
  private static final Logbook LOG = Logbook.of(SqliteLibrary.class);
  private static final String JAR = "org.xerial:sqlite-jdbc";

  private static final @Nullable String PROBLEM = load();

  private SqliteLibrary() {}

  /** Why no database can be opened in this JVM, and what to do; null if they can. */
  public static @Nullable String problem() {
    return PROBLEM;
  }

  /** Catches all that can be thrown: whatever it is, stores must go on without. */
  private static @Nullable String load() {
    String problem;
    try {
      Class.forName("java.sql.Connection", false, SqliteLibrary.class.getClassLoader());
      problem = SQLiteJDBCLoader.initialize() ? null : unloadable("it does not say why");
    } catch (ClassNotFoundException e) {
      problem = "the Java runtime has no module java.sql; add it, by jlink or by --add-modules";
    } catch (NoClassDefFoundError e) {
      problem = JAR + " is not there (no class " + e.getMessage() + "); add it";
    } catch (Throwable e) {
      problem = unloadable(e.toString());
    }
    if (problem != null) {
      warn(problem);
    }
    return problem;
  }

  /** What the library says of itself is seldom the reason: it goes on to look elsewhere. */
  private static String unloadable(String failure) {
    String property = "org.sqlite.tmpdir";
    String folder = System.getProperty(property);
    if (folder == null) {
      property = "java.io.tmpdir";
      folder = System.getProperty(property, "");
    }
    return "the native library of "
        + JAR
        + " can't be loaded. It is unpacked into "
        + property
        + ", "
        + folder
        + ", which "
        + flaw(folder)
        + ". Name a directory that is writable and not mounted noexec by -Dorg.sqlite.tmpdir=…, or"
        + " the unpacked library's by -Dorg.sqlite.lib.path=… ("
        + failure
        + ")";
  }

  private static String flaw(String folder) {
    try {
      Path path = Path.of(folder);
      if (!Files.isDirectory(path)) {
        return "is no directory";
      }
      return Files.isWritable(path) ? "may be full or mounted noexec" : "is not writable";
    } catch (InvalidPathException e) {
      return "is no path";
    }
  }

  private static void warn(String problem) {
    try {
      LOG.log(
          Level.WARNING,
          "no metadata.db is kept in this JVM, as with metadata=none: "
              + problem
              + ". Or open stores with metadata=none; nothing else depends on it");
    } catch (Throwable e) { // A log that fails must not keep stores from going on either.
      return;
    }
  }
}
