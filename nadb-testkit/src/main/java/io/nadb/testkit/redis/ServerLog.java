package io.nadb.testkit.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a server process prints, read line by line: it tells when the server has come how far. */
final class ServerLog {
  private static final int KEPT = 60;
  private static final int PATIENCE_SECONDS = 60;

  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Deque<String> last = new ArrayDeque<>();
  private final List<Expected> expected = new ArrayList<>();
  private CompletableFuture<Void> clusterOk = new CompletableFuture<>();

  /** A line that somebody waits for. */
  private record Expected(String part, CompletableFuture<Void> seen) {}

  /** Reads in a thread of its own, until the process ends. */
  static ServerLog follow(InputStream output, String name) {
    ServerLog log = new ServerLog();
    Thread thread = new Thread(() -> log.read(output), name);
    thread.setDaemon(true);
    thread.start();
    return log;
  }

  private void read(InputStream output) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
      }
    } catch (IOException e) {
      note("(its output can't be read: " + e.getMessage() + ")");
    } finally {
      end();
    }
  }

  private synchronized void note(String line) {
    last.addLast(line);
    if (last.size() > KEPT) {
      last.removeFirst();
    }
    expected.stream()
        .filter(each -> line.contains(each.part))
        .forEach(each -> each.seen.complete(null));
    if (line.contains("Ready to accept connections") || line.contains("Sentinel ID is")) {
      ready.complete(null);
    } else if (line.contains("Cluster state changed: ok")) {
      clusterOk.complete(null);
    } else if (line.contains("Cluster state changed: fail") && clusterOk.isDone()) {
      clusterOk = new CompletableFuture<>();
    }
  }

  private synchronized void end() {
    IllegalStateException ended = new IllegalStateException("its process has ended");
    ready.completeExceptionally(ended);
    clusterOk.completeExceptionally(ended);
    expected.forEach(each -> each.seen.completeExceptionally(ended));
  }

  /** Waits until the server accepts connections. */
  void awaitReady() {
    await(ready, "accept connections");
  }

  /** Waits until the server sees its whole cluster at work. */
  void awaitCluster() {
    CompletableFuture<Void> present;
    synchronized (this) {
      present = clusterOk;
    }
    await(present, "see its cluster at work");
  }

  /** Waits until a line has been printed that has a text in it, one of the last included. */
  void awaitLine(String part) {
    Expected line = new Expected(part, new CompletableFuture<>());
    synchronized (this) {
      if (last.stream().anyMatch(each -> each.contains(part))) {
        return;
      }
      expected.add(line);
    }
    await(line.seen, "print '" + part + "'");
  }

  private void await(CompletableFuture<Void> event, String what) {
    try {
      event.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "the Redis server did not " + what + "; the end of its log:\n" + tail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the Redis server was to " + what, e);
    }
  }

  /** The last lines. */
  synchronized String tail() {
    return String.join("\n", last);
  }
}
