package io.nadb.internal.library;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A library whose native code is unpacked at run time, with what can be said when that fails: what
 * such libraries say of themselves is seldom the reason.
 *
 * @param artifact the jar, as {@code group:artifact}
 * @param folderProperty the system property that names where it is unpacked, if not {@code
 *     java.io.tmpdir}
 * @param pathProperty the system property that names where it has been unpacked before
 */
public record NativeLibrary(String artifact, String folderProperty, String pathProperty) {

  /** Says that the jar is not there. */
  public String missing() {
    return "the library " + artifact + " is not on the class path or module path; add it";
  }

  /** Says why its native code can't be loaded, as far as can be seen, and what to do. */
  public String unloadable(Throwable failure) {
    String property = folderProperty;
    String folder = System.getProperty(property);
    if (folder == null) {
      property = "java.io.tmpdir";
      folder = System.getProperty(property, "");
    }
    return "the native code of "
        + artifact
        + " can't be loaded. It is unpacked into "
        + property
        + ", "
        + folder
        + ", which "
        + flaw(folder)
        + ". Name a directory that is writable and not mounted noexec by -D"
        + folderProperty
        + "=…, or the unpacked code by -D"
        + pathProperty
        + "=… ("
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
}
