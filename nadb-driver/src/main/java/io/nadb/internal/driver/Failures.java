package io.nadb.internal.driver;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;

/** Says in words what Java's file exceptions say by their class alone. */
final class Failures {

  private Failures() {}

  static String describe(Exception failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (failure instanceof AccessDeniedException) {
      return message + ": permission denied; the user of this process must be able to write there";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return message + " is a file; a directory is needed";
    }
    if (failure instanceof NoSuchFileException) {
      return message + " does not exist and can't be created";
    }
    if (failure instanceof InvalidPathException
        && message.chars().anyMatch(character -> character > 127)) {
      return message
          + "; this JVM writes the names of files in "
          + System.getProperty("sun.jnu.encoding")
          + ". Start it with the environment variable LC_ALL=C.UTF-8, or use a name in ASCII";
    }
    return message;
  }
}
