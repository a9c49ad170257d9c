package io.nadb.internal.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What tells a file from any other, whatever its name is now: device and inode, if it has them. */
final class FileId {

  private FileId() {}

  /** Gives the identity of the file to which a path leads. */
  static String of(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
      return attributes.get("dev") + ":" + attributes.get("ino");
    }
    return file.toRealPath().toString();
  }

  /**
   * Whether two identities may be of the same file. Devices are numbered anew at each boot, and by
   * each machine, so they don't count across these.
   */
  static boolean mayBeSame(String one, String other, boolean sameBoot) {
    return sameBoot ? one.equals(other) : inode(one).equals(inode(other));
  }

  private static String inode(String id) {
    return id.substring(id.indexOf(':') + 1);
  }
}
