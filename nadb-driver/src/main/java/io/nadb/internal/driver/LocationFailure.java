package io.nadb.internal.driver;

import io.nadb.internal.failure.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says why a directory or a file of a URL can't be used. */
public final class LocationFailure {

  private LocationFailure() {}

  public static String describe(Exception failure) {
    if (failure instanceof FileAlreadyExistsException e) {
      return inTheWay(Path.of(String.valueOf(e.getFile())));
    }
    if (failure instanceof NoSuchFileException) {
      return failure.getMessage() + " does not exist and can't be created";
    }
    if (failure instanceof AccessDeniedException) {
      return failure.getMessage()
          + ": permission denied; the user of this process must be able to write there";
    }
    if (failure instanceof InvalidPathException e) {
      return invalid(e);
    }
    return Reason.of(failure);
  }

  private static String invalid(InvalidPathException e) {
    String reason = e.getReason() + ": " + e.getInput();
    return reason.chars().allMatch(character -> character <= 127)
        ? reason
        : reason
            + "; this JVM writes the names of files in "
            + System.getProperty("sun.jnu.encoding")
            + ". Start it with the environment variable LC_ALL=C.UTF-8, or use a name in ASCII";
  }

  private static String inTheWay(Path path) {
    if (Files.isSymbolicLink(path) && Files.notExists(path)) {
      return path + " is a symbolic link to " + target(path) + ", which does not exist";
    }
    return path + " is a file; a directory is needed";
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "something";
    }
  }
}
