package io.nadb.internal.driver;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
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
    return message;
  }
}
