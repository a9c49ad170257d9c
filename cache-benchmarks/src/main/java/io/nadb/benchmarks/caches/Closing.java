package io.nadb.benchmarks.caches;

import java.util.ArrayDeque;
import java.util.Deque;
import org.springframework.beans.factory.DisposableBean;

/** What is to be closed at the end, the last first. */
final class Closing implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <T> T add(T opened) {
    if (opened instanceof AutoCloseable closeable) {
      open.push(closeable);
    } else if (opened instanceof DisposableBean bean) {
      open.push(bean::destroy);
    }
    return opened;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable last = open.pop();
      try {
        last.close();
      } catch (Exception e) {
        throw new IllegalStateException(last + " can't be closed", e);
      }
    }
  }
}
