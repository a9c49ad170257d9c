package io.nadb.jmx;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The driver's side of a store, asked by words; held weakly, so that no MBean keeps an application
 * alive that has gone.
 */
final class Source {
  private final WeakReference<Function<String, @Nullable Object>> store;
  private final String name;

  Source(Function<String, @Nullable Object> store) {
    this.store = new WeakReference<>(store);
    this.name = String.valueOf(store.apply("name"));
  }

  String name() {
    return name;
  }

  /** Whether the store has been collected. */
  boolean isGone() {
    return store.get() == null;
  }

  /** Asks something; returns null if the driver does not know the question or is gone. */
  @Nullable Object ask(String question) {
    Function<String, @Nullable Object> present = store.get();
    return present == null ? null : present.apply(question);
  }

  /** Asks for figures; returns none if they are not known or the store has ended. */
  Map<?, ?> figures(String question) {
    try {
      return ask(question) instanceof Map<?, ?> figures ? figures : Map.of();
    } catch (IllegalStateException e) {
      return Map.of(); // It is ending just now, and its MBean will be gone in a moment.
    }
  }

  long number(String question, String figure) {
    return figures(question).get(figure) instanceof Number number ? number.longValue() : -1;
  }

  String text(String question, String figure) {
    return figures(question).get(figure) instanceof String text ? text : "";
  }

  List<String> texts(String question, String figure) {
    return figures(question).get(figure) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }
}
