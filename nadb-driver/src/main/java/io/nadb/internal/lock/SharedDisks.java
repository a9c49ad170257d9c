package io.nadb.internal.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Which file systems several machines can use at the same time, as far as their names tell. */
final class SharedDisks {
  private static final Set<String> TYPES =
      Set.of(
          "9p",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "gfs2",
          "glusterfs",
          "gpfs",
          "lustre",
          "nfs",
          "nfs4",
          "ocfs2",
          "orangefs",
          "pvfs2",
          "smb2",
          "smb3",
          "smbfs",
          "vboxsf",
          "virtiofs",
          "webdav");

  private SharedDisks() {}

  /** Names the file system of a directory. */
  static String typeOf(Path directory) throws IOException {
    return Files.getFileStore(directory).type();
  }

  static boolean isShared(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    return TYPES.contains(name) || name.startsWith("fuse.");
  }
}
