package io.nadb.internal.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code /proc} made by a test, in which it says which processes there are. */
final class FakeProc {
  private final Path directory;

  FakeProc(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory.resolve("sys/kernel/random"));
    host("here");
    boot("b1");
    process(1, "S", 7);
  }

  void host(String name) throws IOException {
    Files.writeString(directory.resolve("sys/kernel/hostname"), name + "\n");
  }

  void boot(String id) throws IOException {
    Files.writeString(directory.resolve("sys/kernel/random/boot_id"), id + "\n");
  }

  /** There is a process, with a name that makes its line hard to read. */
  void process(long pid, String state, long start) throws IOException {
    Path process = Files.createDirectories(directory.resolve("" + pid));
    Files.createDirectories(process.resolve("fd"));
    String between = " 0".repeat(18);
    Files.writeString(
        process.resolve("stat"), pid + " (a) R (b) " + state + between + " " + start + " 0 0\n");
  }

  void end(long pid) throws IOException {
    Path process = directory.resolve("" + pid);
    Files.delete(process.resolve("stat"));
    try (var files = Files.list(process.resolve("fd"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(process.resolve("fd"));
    Files.delete(process);
  }

  /** A process has a file open. */
  void opens(long pid, Path file) throws IOException {
    Path files = directory.resolve(pid + "/fd");
    Files.createSymbolicLink(files.resolve("" + file.hashCode()), file);
  }

  /** What a process, which there must be, sees. */
  Processes seenBy(long pid, String namespace) throws IOException {
    Files.deleteIfExists(directory.resolve("self"));
    Files.createSymbolicLink(directory.resolve("self"), Path.of("" + pid));
    Path namespaces = Files.createDirectories(directory.resolve(pid + "/ns"));
    Files.deleteIfExists(namespaces.resolve("pid"));
    Files.createSymbolicLink(namespaces.resolve("pid"), Path.of("pid:[" + namespace + "]"));
    Processes seen = new Processes(directory, pid);
    Files.delete(namespaces.resolve("pid"));
    Files.delete(namespaces);
    return seen;
  }
}
