package io.nadb.samples.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.ChangesLostException;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.Transaction;
import io.nadb.feed.ChangeFeed;
import io.nadb.feed.FeedCut;
import io.nadb.feed.KeyChange;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a namespace of one store the same as that of another: a snapshot first, then its changes.
 *
 * <p>The bookmark stands beside the copy, in a namespace of its own, and is written in the
 * transaction that applies a cut. So whoever is killed, and whenever: what the mirror has is what
 * the source had after one of its flushes, and it goes on from there. As long as there is no
 * bookmark, the copy is being made.
 *
 * <p>Entries do not expire here by themselves, but when the source says so. Otherwise one that the
 * source has touched in time could be gone here when that is told, and its value with it.
 */
public final class Mirror implements AutoCloseable {
  private static final String PLACES = "mirror-places";
  private static final String BOOKMARK = "bookmark";

  private final KeyValueStore source;
  private final KeyValueStore copy;
  private @Nullable ChangeFeed feed;

  /**
   * Creates one; it begins with the first {@link #follow}. The stores are the caller's to close.
   */
  public Mirror(KeyValueStore source, KeyValueStore copy) {
    this.source = source;
    this.copy = copy;
  }

  /**
   * Follows a store that another process writes to: {@code Mirror <source>?access=read <copy>}.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (KeyValueStore source = NadbDriverManager.open(arguments[0]);
        KeyValueStore copy = NadbDriverManager.open(arguments[1]);
        Mirror mirror = new Mirror(source, copy)) {
      while (true) {
        source.refresh();
        while (mirror.follow(Duration.ZERO)) {
          System.out.println(copy.durableSequence());
        }
        Thread.sleep(5); // Another process tells nobody when it flushes.
      }
    }
  }

  /**
   * Applies the next cut of the source; makes the copy first, if there is none or if it is too old.
   *
   * @param timeout how long to wait for one
   * @return whether there was one
   */
  public boolean follow(Duration timeout) throws InterruptedException {
    try {
      Optional<FeedCut> cut = feed().poll(timeout);
      cut.ifPresent(this::apply);
      return cut.isPresent();
    } catch (ChangesLostException e) {
      close();
      copyAnew();
      return true;
    }
  }

  private ChangeFeed feed() {
    ChangeFeed open = feed;
    if (open == null) {
      String bookmark = bookmark().orElseGet(this::copyAnew);
      open = ChangeFeed.of(source, bookmark);
      feed = open;
    }
    return open;
  }

  private Optional<String> bookmark() {
    try (KeyValueStore places = copy.namespace(PLACES)) {
      return places.get(BOOKMARK).map(text -> new String(text, UTF_8));
    }
  }

  private String copyAnew() {
    try (KeyValueStore places = copy.namespace(PLACES);
        Snapshot snapshot = source.snapshot()) {
      places.delete(BOOKMARK);
      copy.clear();
      for (String key : snapshot.keys("")) {
        Entry entry = snapshot.entry(key).orElseThrow();
        copy.set(key, entry.value(), options(entry.metadata()));
      }
      String bookmark = ChangeFeed.bookmark(source, snapshot);
      places.set(BOOKMARK, bookmark.getBytes(UTF_8));
      return bookmark;
    }
  }

  private void apply(FeedCut cut) {
    copy.transaction(
        transaction -> {
          for (KeyChange change : cut.changes()) {
            apply(change, transaction);
          }
          transaction.namespace(PLACES).set(BOOKMARK, cut.bookmark().getBytes(UTF_8));
          return true;
        });
  }

  private static void apply(KeyChange change, Transaction transaction) {
    switch (change.kind()) {
      case SET -> transaction.set(change.key(), change.value(), options(change.metadata()));
      case DELETED, EXPIRED -> transaction.delete(change.key());
      case TOUCHED -> {
        // The value is as it was, and when it expires, the source will say.
      }
    }
  }

  private static SetOptions options(EntryMetadata metadata) {
    return SetOptions.tags(metadata.tags().toArray(String[]::new));
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }
}
