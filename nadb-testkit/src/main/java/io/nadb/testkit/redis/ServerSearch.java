package io.nadb.testkit.redis;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for a server in one place after the other, and remembers why it was not found there. */
final class ServerSearch {
  private static final System.Logger LOG = System.getLogger(RedisServer.class.getName());

  private final Surroundings surroundings;
  private final List<String> reasons = new ArrayList<>();

  ServerSearch(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Notes why a place has no server. */
  void missed(String reason) {
    reasons.add(reason);
  }

  /** Returns an executable, from PATH or copied into the directory from a library, or null. */
  @Nullable RedisBinary binary(Path directory) {
    RedisBinary binary = onPath();
    return binary != null ? binary : embedded(directory);
  }

  private @Nullable RedisBinary onPath() {
    List<String> failures = new ArrayList<>();
    for (String folder : Arrays.asList(surroundings.path().split(File.pathSeparator))) {
      for (String name : List.of("redis-server", "redis-server.exe")) {
        Path candidate = folder.isEmpty() ? null : Path.of(folder, name);
        if (candidate != null && Files.isExecutable(candidate)) {
          try {
            return RedisBinary.probe(candidate, candidate.toString());
          } catch (IOException e) {
            failures.add(candidate + ": " + e.getMessage());
          }
        }
      }
    }
    missed(
        failures.isEmpty()
            ? "no redis-server on PATH"
            : "no redis-server on PATH that works: " + String.join("; ", failures));
    return null;
  }

  private @Nullable RedisBinary embedded(Path directory) {
    try {
      return new EmbeddedBinaries(surroundings.classes()).extract(directory);
    } catch (IOException e) {
      missed(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Returns a server in a container, or null. */
  @Nullable Backing container() {
    try {
      return ContainerServer.start(this);
    } catch (NoClassDefFoundError e) {
      missed("Testcontainers is not on the class path");
    } catch (IllegalStateException e) {
      missed(String.valueOf(e.getMessage()));
    }
    return null;
  }

  /** Reports what was found, in one line of the log. */
  String report(String found) {
    String origin = found + (reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")");
    LOG.log(Level.INFO, "Redis for tests: {0}", origin);
    return origin;
  }

  /** Ends the test, as skipped or as failed, with the reasons. */
  RuntimeException giveUp(String wanted) {
    return Requirement.REDIS.isMissing(
        surroundings, "No Redis for " + wanted + ": " + String.join("; ", reasons));
  }
}
