package io.nadb.testkit.redis;

import io.nadb.NadbException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The containers that URLs have started, by image; each ends with the JVM.
 *
 * <p>They are static because a URL is all that leads to them, and starting one takes seconds. None
 * ends with its last store: the next test, or the same one when it opens its store again, would
 * find another server, without its data.
 */
final class RunningContainers {
  private static final Map<String, NadbRedisContainer> RUNNING = new ConcurrentHashMap<>();

  private RunningContainers() {}

  /** Returns the URL of the container of an image, which is started by the first call. */
  static String url(String image) {
    return RUNNING.computeIfAbsent(image, RunningContainers::start).url();
  }

  private static NadbRedisContainer start(String image) {
    NadbRedisContainer container = new NadbRedisContainer(image);
    try {
      NadbRedisContainer.checkDocker();
      container.start();
    } catch (RuntimeException e) {
      container.close();
      throw new NadbException("can't start a container of " + image + ": " + reason(e), e);
    }
    // Testcontainers' own cleaner may be disabled, where it can't be pulled for example.
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "nadb-container-end"));
    return container;
  }

  /** The messages of a failure and its causes, since Testcontainers says little in the first. */
  private static String reason(RuntimeException failure) {
    StringBuilder reason = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      reason.append(": ").append(cause.getMessage());
    }
    return reason.toString().strip();
  }
}
