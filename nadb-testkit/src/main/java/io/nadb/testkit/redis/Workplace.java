package io.nadb.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A temporary directory and the processes that work in it: all are gone when it is closed, or when
 * the JVM ends.
 */
final class Workplace implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RedisServer.class.getName());

  private final Path directory;
  private final List<Process> processes = new CopyOnWriteArrayList<>();
  private final Thread hook = new Thread(this::clear, "nadb-redis-end");

  private Workplace(Path directory) {
    this.directory = directory;
  }

  static Workplace create() {
    try {
      Workplace workplace = new Workplace(Files.createTempDirectory("nadb-redis-").toRealPath());
      Runtime.getRuntime().addShutdownHook(workplace.hook);
      return workplace;
    } catch (IOException e) {
      throw new UncheckedIOException("can't create a temporary directory for a Redis server", e);
    }
  }

  Path directory() {
    return directory;
  }

  /** Starts a process there. */
  Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The JVM is ending: the hook does it.
    }
    clear();
  }

  private void clear() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "can't delete the directory of a Redis server, " + directory, e);
    }
  }
}
