package io.nadb.testkit.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server that runs as a child process of this one. */
final class RedisProcess implements Backing {
  static final String HOST = "127.0.0.1";
  private static final int ATTEMPTS = 20;
  private static final int PATIENCE_SECONDS = 20;

  private final Workplace workplace;
  private final RedisBinary binary;
  private final ServerSettings settings;
  private final String origin;
  private final int port;
  private final Path directory;
  private @Nullable Process process;
  private @Nullable ServerLog log;

  private RedisProcess(
      Workplace workplace, RedisBinary binary, ServerSettings settings, String origin, int port) {
    this.workplace = workplace;
    this.binary = binary;
    this.settings = settings;
    this.origin = origin;
    this.port = port;
    this.directory = workplace.directory().resolve(Integer.toString(port));
  }

  /** Starts a server on a port that is free. */
  static RedisProcess launch(
      Workplace workplace, RedisBinary binary, ServerSettings settings, String origin) {
    for (int attempt = 1; ; attempt++) {
      RedisProcess server = new RedisProcess(workplace, binary, settings, origin, Ports.free());
      try {
        server.start();
        return server;
      } catch (IllegalStateException e) {
        // Somebody was faster; anything else would fail again.
        if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("in use")) {
          throw e;
        }
      }
    }
  }

  @Override
  public String host() {
    return HOST;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public synchronized void start() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("the Redis server is running already, on port " + port);
    }
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve("redis.conf");
      Files.write(file, settings.configuration(binary, port));
      List<String> command =
          new ArrayList<>(List.of(binary.executable().toString(), file.toString()));
      if (settings.sentinel()) {
        command.add("--sentinel");
      }
      process =
          workplace.start(
              new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true));
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new IllegalStateException("can't start " + binary.executable(), e);
    }
    log = ServerLog.follow(process.getInputStream(), "nadb-redis-log-" + port);
    log.awaitReady();
  }

  @Override
  public synchronized void stop() {
    Process running = running();
    running.destroy();
    try {
      if (!running.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "the Redis server does not stop; the end of its log:\n" + log().tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the Redis server was to stop", e);
    }
  }

  @Override
  public synchronized void kill() {
    running().destroyForcibly().onExit().join();
  }

  private Process running() {
    Process present = process;
    if (present == null || !present.isAlive()) {
      throw new IllegalStateException("the Redis server on port " + port + " is not running");
    }
    return present;
  }

  /** What the process has printed since its last start. */
  synchronized ServerLog log() {
    ServerLog present = log;
    if (present == null) {
      throw new IllegalStateException("the Redis server has not been started");
    }
    return present;
  }

  @Override
  public void close() {
    workplace.close();
  }
}
