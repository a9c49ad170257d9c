package io.nadb.internal.lock;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What can be known here about processes: from {@code /proc} where there is one, else from the JDK.
 *
 * <p>The start of a process is taken from {@code /proc/<pid>/stat}, in ticks since boot: what the
 * JDK says is computed from the clock, and moves when that is set.
 */
final class Processes {
  private static final int STATE_FIELD = 0;
  private static final int START_FIELD = 19;

  private final Path proc;
  private final ProcessIdentity self;

  /** Whether a process still lives. */
  enum Life {
    /** It is this one. */
    SELF,
    ALIVE,
    GONE,
    /** It is or was on this machine, in a namespace into which this process can't look. */
    UNSEEN,
    /** It is or was on another machine that can use the same disk. */
    ELSEWHERE
  }

  /**
   * Looks at a machine.
   *
   * @param proc the directory where its processes are, if it has one
   * @param pid the number of this process
   */
  Processes(Path proc, long pid) {
    this.proc = proc;
    this.self = identify(pid);
  }

  /** The processes of the machine on which this runs. */
  static Processes ofThisMachine() {
    return new Processes(Path.of("/proc"), ProcessHandle.current().pid());
  }

  /** This process. */
  ProcessIdentity self() {
    return self;
  }

  /**
   * Finds out whether a process lives.
   *
   * @param sharedDisk whether other machines may use the disk for which this is asked
   */
  Life lifeOf(ProcessIdentity other, boolean sharedDisk) {
    if (other.isSame(self)) {
      return Life.SELF;
    }
    boolean sameHost = other.host().equals(self.host());
    if (other.boot().isEmpty() || self.boot().isEmpty()) {
      return sameHost || !sharedDisk ? lifeByHandle(other) : Life.ELSEWHERE;
    }
    if (!other.boot().equals(self.boot())) {
      return sameHost || !sharedDisk ? Life.GONE : Life.ELSEWHERE;
    }
    boolean visible = !self.namespaces().isEmpty() && other.namespaces().equals(self.namespaces());
    return visible ? lifeByProc(other) : Life.UNSEEN;
  }

  /**
   * Whether a process that lives here may have a file open; only if all of its files can be seen,
   * and this one is not among them, it has not.
   */
  boolean mayHaveOpen(ProcessIdentity living, String fileId) {
    try (Stream<Path> files = Files.list(proc.resolve(living.pid() + "/fd"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.exists(file) && FileId.of(file).equals(fileId)) {
          return true;
        }
      }
      return false;
    } catch (IOException | java.io.UncheckedIOException e) {
      return true;
    }
  }

  private Life lifeByProc(ProcessIdentity other) {
    try {
      List<String> fields = stat(Long.toString(other.pid()));
      if (!fields.get(START_FIELD).equals(other.start())) {
        return Life.GONE; // Another one has its number.
      }
      // Of a zombie nobody knows here whether all of its threads have ended.
      return fields.get(STATE_FIELD).equals("Z") ? Life.UNSEEN : Life.ALIVE;
    } catch (IOException e) {
      boolean hidden =
          Files.exists(proc.resolve("" + other.pid())) || !Files.exists(proc.resolve("1"));
      return hidden ? Life.UNSEEN : Life.GONE;
    }
  }

  private static Life lifeByHandle(ProcessIdentity other) {
    return ProcessHandle.of(other.pid())
            .filter(process -> startOf(process).equals(other.start()))
            .isPresent()
        ? Life.ALIVE
        : Life.GONE;
  }

  private ProcessIdentity identify(long pid) {
    String host = hostName();
    try {
      String boot = Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip();
      List<String> stat = stat("self");
      // Otherwise it is the /proc of another namespace, whose numbers mean nothing here.
      boolean ours = proc.resolve("self").toRealPath().endsWith(Long.toString(pid));
      return new ProcessIdentity(pid, host, boot, ours ? namespaces() : "", stat.get(START_FIELD));
    } catch (IOException e) {
      return new ProcessIdentity(
          pid, host, "", "", ProcessHandle.of(pid).map(Processes::startOf).orElse(""));
    }
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(start -> start.toEpochMilli() + " ms").orElse("");
  }

  /** The namespaces on which a process's number and start depend. */
  private String namespaces() throws IOException {
    Path names = proc.resolve("self/ns");
    String pids = Files.readSymbolicLink(names.resolve("pid")).toString();
    Path time = names.resolve("time"); // Since Linux 5.6.
    return Files.isSymbolicLink(time) ? pids + " " + Files.readSymbolicLink(time) : pids;
  }

  /** The fields after the command's name, which can hold anything. */
  private List<String> stat(String process) throws IOException {
    String text = Files.readString(proc.resolve(process).resolve("stat"));
    List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 1).strip().split(" "));
    if (fields.size() <= START_FIELD) {
      throw new IOException(proc + "/" + process + "/stat: " + text);
    }
    return fields;
  }

  /** Linux has the name in a file; asking the resolver can take seconds. */
  private String hostName() {
    try {
      return Files.readString(proc.resolve("sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return resolvedHostName();
    }
  }

  private static String resolvedHostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
