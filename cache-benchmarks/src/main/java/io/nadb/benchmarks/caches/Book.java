package io.nadb.benchmarks.caches;

import java.io.Serializable;
import java.util.List;

/** What is cached: an object of about a kilobyte, which everybody here serializes as Java does. */
record Book(String title, String text, int pages, List<String> subjects) implements Serializable {

  static Book of(int number) {
    return new Book(
        "Title " + number,
        "A sentence of book %d. ".formatted(number).repeat(40),
        number,
        List.of("novel", "england"));
  }
}
