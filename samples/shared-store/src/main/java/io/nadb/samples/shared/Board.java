package io.nadb.samples.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Duration;
import java.util.List;

/** Notes with an author and topics, which are taken down after a week. */
final class Board {
  private static final Duration ON_SHOW = Duration.ofDays(7);

  private final KeyValueStore store;

  Board(KeyValueStore store) {
    this.store = store;
  }

  /** Puts a note up, or another text in the place of one. */
  void post(String title, String text, String... topics) {
    store.set(title, text.getBytes(UTF_8), SetOptions.ttl(ON_SHOW).withTags(topics));
  }

  /** Changes the text of a note; what it is about and how long it stays do not change. */
  void edit(String title, String text) {
    store.set(title, text.getBytes(UTF_8), SetOptions.none().keepingTags().keepingTtl());
  }

  /** Takes a note down; returns whether it was there. */
  boolean remove(String title) {
    return store.delete(title);
  }

  /** The notes about a topic, by title. */
  List<String> about(String topic) {
    return store.queryByTags(topic).stream().map(EntryMetadata::key).map(this::show).toList();
  }

  private String show(String title) {
    return title + ": " + store.get(title).map(text -> new String(text, UTF_8)).orElse("gone");
  }
}
