package io.nadb.internal.failure;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says in words why something of somebody else's failed, and what can be done.
 *
 * <p>The JDK says much by an exception's class alone, and of the system's errors only the name.
 */
public final class Reason {
  /** What the system says, in lower case, and what its users can do. */
  private static final Map<String, String> REMEDIES = remedies();

  private Reason() {}

  private static Map<String, String> remedies() {
    Map<String, String> remedies = new LinkedHashMap<>();
    remedies.put("no space left on device", "free some space on that file system");
    remedies.put("disk quota exceeded", "free some space, or have the quota raised");
    remedies.put("read-only file system", "mount it for writing, or choose another path");
    remedies.put("permission denied", "the user of this process must have access to it");
    remedies.put("too many open files", "raise the limit of open files (ulimit -n)");
    remedies.put(
        "file too large",
        "raise the limit of file sizes (ulimit -f), or choose smaller segments (segment=) or a file"
            + " system that takes larger files");
    remedies.put(
        "map failed",
        "the system lets the process map no more into memory: raise vm.max_map_count, the limit of"
            + " its address space (ulimit -v) or that of the container, or choose larger segments"
            + " (segment=)");
    remedies.put("cannot allocate memory", "the system has no memory left for this process");
    remedies.put(
        "input/output error",
        "look into the system's log: the disk or its connection may be failing");
    remedies.put(
        "invalid argument",
        "the file system may be unable to do this, such as syncing a directory; choose a local one");
    remedies.put("not supported", "the file system is unable to do this; choose a local one");
    remedies.put("function not implemented", "the file system is unable to do this");
    remedies.put("no locks available", "the file system must support locks (on NFS, by lockd)");
    remedies.put("stale file handle", "the network file system has lost the file; mount it anew");
    remedies.put("file name too long", "choose a shorter path or db");
    remedies.put(
        "unsafe memory access", "the disk has an error there, or another program has cut the file");
    remedies.put("java heap space", "the JVM's heap is too small (-Xmx)");
    remedies.put("metaspace", "raise the JVM's limit -XX:MaxMetaspaceSize");
    remedies.put("direct buffer memory", "raise the JVM's limit -XX:MaxDirectMemorySize");
    remedies.put("native thread", "the system lets the process start no more threads (ulimit -u)");
    return remedies;
  }

  /** Why it failed: the file, if there is one, the reason, and the remedy, if one is known. */
  public static String of(Throwable failure) {
    String reason = words(failure);
    String remedy = remedy(reason + " " + failure.getMessage());
    return remedy == null || reason.contains(remedy) ? reason : reason + "; " + remedy;
  }

  private static String words(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof FileSystemException e) {
      return ofFile(e);
    }
    if (failure instanceof EOFException) {
      return (message == null ? "" : message + ": ") + "the file ends too early";
    }
    if (failure instanceof ClosedChannelException) {
      return "the file or connection is closed";
    }
    if (failure instanceof InternalError) {
      return "a page of a mapped file can't be read (" + message + ")";
    }
    if (failure instanceof OutOfMemoryError) {
      return "out of memory" + (message == null ? "" : " (" + message + ")");
    }
    if (message == null || message.isBlank()) {
      Throwable cause = failure.getCause();
      return cause == null || cause == failure ? named(failure) : words(cause);
    }
    boolean saysEnough =
        failure.getClass() == IOException.class
            || failure instanceof FileNotFoundException
            || failure.getClass().getName().startsWith("io.nadb.");
    return saysEnough ? message : named(failure) + ": " + message;
  }

  private static String ofFile(FileSystemException e) {
    String file = String.valueOf(e.getFile());
    if (e.getOtherFile() != null) {
      file += " -> " + e.getOtherFile();
    }
    String reason = e.getReason();
    if (reason != null) {
      return file + ": " + reason;
    }
    if (e instanceof AccessDeniedException) {
      return file + ": permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return file + ": there is no such file or directory";
    }
    if (e instanceof FileAlreadyExistsException) {
      return file + ": there is something of that name already";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return file + ": the directory is not empty";
    }
    if (e instanceof NotDirectoryException) {
      return file + ": it is no directory";
    }
    if (e instanceof AtomicMoveNotSupportedException) {
      return file + ": the file system can't rename in one step";
    }
    if (e instanceof FileSystemLoopException) {
      return file + ": the links go round in a circle";
    }
    return file + ": " + named(e);
  }

  /** The class; whole if it may be a bug, which somebody will look for. */
  private static String named(Throwable failure) {
    Class<?> type = failure.getClass();
    boolean isKnown =
        failure instanceof IOException || type.getName().startsWith("java.sql."); // may be absent
    return isKnown ? type.getSimpleName() : type.getName();
  }

  private static @Nullable String remedy(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return REMEDIES.entrySet().stream()
        .filter(known -> lower.contains(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
