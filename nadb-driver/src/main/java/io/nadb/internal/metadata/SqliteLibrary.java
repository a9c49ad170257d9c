package io.nadb.internal.metadata;

import io.nadb.internal.library.NativeLibrary;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Whether this JVM can use SQLite: its library may be missing, and may not let itself be loaded.
 * Tried once, when the first database is needed, since neither changes while a JVM runs; and said
 * aloud once, however many stores do without.
 */
public final class SqliteLibrary {
  private static final Logbook LOG = Logbook.of(SqliteLibrary.class);
  private static final NativeLibrary JAR =
      new NativeLibrary("org.xerial:sqlite-jdbc", "org.sqlite.tmpdir", "org.sqlite.lib.path");

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
      if (!SQLiteJDBCLoader.initialize()) {
        throw new UnsatisfiedLinkError("it does not say why");
      }
      problem = null;
    } catch (ClassNotFoundException e) {
      problem = "the Java runtime has no module java.sql; add it, by jlink or by --add-modules";
    } catch (NoClassDefFoundError e) {
      problem = JAR.missing();
    } catch (Throwable e) {
      problem = JAR.unloadable(e);
    }
    if (problem != null) {
      LOG.log(
          Level.WARNING,
          "no metadata.db is kept in this JVM, as with metadata=none: "
              + problem
              + ". Or open stores with metadata=none; nothing else depends on it");
    }
    return problem;
  }
}
