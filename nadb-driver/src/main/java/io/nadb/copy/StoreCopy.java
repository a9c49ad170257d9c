package io.nadb.copy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a store, with all of its namespaces, to another place: from files to Redis, back, or
 * wherever URLs lead. Values, tags, creation, update and expiry times go along as they are; what
 * has expired does not.
 *
 * <pre>{@code
 * CopyResult result =
 *     StoreCopy.from("nadb:fs:./data?access=read").to("nadb:redis://cache.example").run();
 * }</pre>
 *
 * <p><b>What is copied.</b> Of a store that has {@link io.nadb.StoreCapability#SNAPSHOTS}: what it
 * held at one moment, whatever is written meanwhile. A server that others write to keeps no such
 * moment, so of Redis each entry is copied as it is when its turn comes; what is written meanwhile
 * may be in the copy or not.
 *
 * <p><b>Verified.</b> When all is there, both stores are gone through once more: keys, values, tags
 * and times are compared one by one. What the source has changed since is copied again; what the
 * target has not taken is named in the result.
 *
 * <p><b>Resumed.</b> As long as a copy has not ended well, its target has a mark, in the namespace
 * {@code nadb.copy}. The same copy goes on from there if it is run again, after a failure or a
 * killed process: what the target has already is not sent again, what the source has changed or
 * deleted since is changed or deleted there. Until then nobody else should write to the target.
 *
 * <p>Immutable: each method that says how, returns another copy. One run at a time may write to a
 * target.
 *
 * @since 0.1.0
 */
public final class StoreCopy {
  private final Side from;
  private final @Nullable Side to;
  private final boolean intoExisting;
  private final Consumer<CopyProgress> listener;

  private StoreCopy(
      Side from, @Nullable Side to, boolean intoExisting, Consumer<CopyProgress> listener) {
    this.from = from;
    this.to = to;
    this.intoExisting = intoExisting;
    this.listener = listener;
  }

  /** A store that is opened for the copy, or that somebody has open. */
  private record Side(@Nullable String url, @Nullable KeyValueStore store) {

    /** Something to do with a store. */
    interface Use<T> {
      T with(KeyValueStore store);
    }

    <T> T use(Use<T> use) {
      if (store != null) {
        return use.with(store);
      }
      try (KeyValueStore opened = NadbDriverManager.open(Objects.requireNonNull(url))) {
        return use.with(opened);
      }
    }
  }

  /**
   * Begins with the store to be copied, which is opened by {@link #run}.
   *
   * @param url its URL; with {@code access=read}, files are read while another process writes them
   */
  public static StoreCopy from(String url) {
    return of(new Side(Objects.requireNonNull(url, "url"), null));
  }

  /**
   * Begins with a store that is open, and stays so.
   *
   * @param store a handle on any of its namespaces: all are copied
   * @throws IllegalArgumentException when run, if it is no {@link io.nadb.spi.CopyableStore}
   */
  public static StoreCopy from(KeyValueStore store) {
    return of(new Side(null, Objects.requireNonNull(store, "store")));
  }

  private static StoreCopy of(Side from) {
    return new StoreCopy(from, null, false, progress -> {});
  }

  /** Says where to, by a URL, which is opened by {@link #run}. */
  public StoreCopy to(String url) {
    Side side = new Side(Objects.requireNonNull(url, "url"), null);
    return new StoreCopy(from, side, intoExisting, listener);
  }

  /**
   * Says where to, by a store that is open, and stays so.
   *
   * @param store a handle on any of its namespaces
   */
  public StoreCopy to(KeyValueStore store) {
    Side side = new Side(null, Objects.requireNonNull(store, "store"));
    return new StoreCopy(from, side, intoExisting, listener);
  }

  /**
   * Copies into a target that has entries of its own, too: those whose keys the source has, in the
   * same namespace, are replaced, and all others stay. Nothing is ever deleted then, so if such a
   * copy is resumed, what the source has deleted since it was begun stays in the target.
   */
  public StoreCopy intoExisting() {
    return new StoreCopy(from, to, true, listener);
  }

  /**
   * Has somebody told how far it is: every few hundred entries, by the thread that copies. What the
   * listener throws ends the run.
   */
  public StoreCopy onProgress(Consumer<CopyProgress> told) {
    return new StoreCopy(from, to, intoExisting, Objects.requireNonNull(told, "told"));
  }

  /**
   * Copies, verifies and returns when all that was copied is as durable as the target makes it. If
   * the thread is interrupted, it ends with an error, and may be run again.
   *
   * @throws IllegalArgumentException if both are the same store, or if the target can't have one of
   *     the entries, which is named: Redis takes no value above 512 MB
   * @throws IllegalStateException if no target has been given; if the target is not empty and
   *     {@link #intoExisting} was not asked for; or if it has the mark of another copy
   * @throws io.nadb.CorruptStoreException if an entry of the source is damaged; it names the file
   * @throws io.nadb.NadbException if a store fails; if run again, the copy goes on
   * @throws UnsupportedOperationException if the target takes no writes
   */
  public CopyResult run() {
    Side target = to;
    if (target == null) {
      throw new IllegalStateException("no target has been given; call to(url) before run()");
    }
    return from.use(
        source -> target.use(opened -> new CopyRun(source, opened, intoExisting, listener).run()));
  }
}
