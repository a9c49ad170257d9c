package io.nadb.internal.redis;

import io.nadb.SetOptions;
import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.Cut;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Sends writes: a script each, which changes an entry and its indexes at once. */
final class Writes {
  /** No pipeline is longer, so that neither the server nor this process has to hold much. */
  private static final int MAX_REQUESTS = 1000;

  private static final long MAX_BYTES = 1 << 20;

  /** Redis takes no time to live that ends after its own time does. */
  static final long LONGEST_MILLIS = 1_000_000_000_000_000L;

  static final byte[] NO = {'0'};
  static final byte[] YES = {'1'};
  static final byte[] NONE = {};
  private static final byte[] ANY = Keyspace.utf8("any");
  private static final byte[] ALL = Keyspace.utf8("all");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final ServerClock clock;

  Writes(Dispatcher dispatcher, Keyspace keyspace, ServerClock clock) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.clock = clock;
  }

  void set(String namespace, String key, Write write, SetOptions options) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    dispatcher.run(setting(partition, utf8, write, options), partition.entry(utf8), Access.WRITE);
  }

  /** Sets one entry. */
  Request setting(Partition partition, byte[] key, Write write, SetOptions options) {
    return set(partition, key, write, options, new Moment(clock.given(), write.updated()), NONE);
  }

  boolean delete(String namespace, String key) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    Request request = deleting(partition, utf8);
    return existed(dispatcher.run(request, partition.entry(utf8), Access.WRITE));
  }

  /** Removes one entry. */
  Request deleting(Partition partition, byte[] key) {
    return delete(partition, key, ANY, clock.given());
  }

  /** What that was answered. */
  static boolean existed(@Nullable Object reply) {
    return Replies.number(reply) == 1;
  }

  /** When a request is made. */
  private static final class Moment {
    /** What its script takes for the time. */
    private final byte[] given;

    /** The time by which its writes are dated. */
    private final long now;

    Moment(byte[] given, long now) {
      this.given = given;
      this.now = now;
    }
  }

  /** Sends all writes of a cut, in pipelines; each entry at once, but not all of them. */
  void apply(Cut cut) {
    Pipeline pipeline = new Pipeline();
    Map<Partition, Batch> batches = new HashMap<>();
    Map<Partition, Departures> departures = new HashMap<>();
    cut.forEach(
        (namespace, key, write) -> {
          byte[] utf8 = Keyspace.utf8(key);
          Partition partition = keyspace.partition(namespace, utf8);
          if (write.isDelete()) {
            pipeline.delete(departures, partition, utf8, ANY);
          } else if (Batch.takes(write)) {
            Batch batch = batches.computeIfAbsent(partition, Batch::new);
            batch.add(utf8, write);
            if (batch.isFull()) {
              pipeline.set(batch);
              batches.remove(partition);
            }
          } else {
            pipeline.set(partition, utf8, write);
          }
        });
    batches.values().forEach(pipeline::set);
    departures.values().forEach(pipeline::delete);
    pipeline.askForTheTime();
    pipeline.send();
  }

  /** Sets entries as they are in another store, in pipelines. */
  void restore(String namespace, Collection<StoredValue> entries) {
    Pipeline pipeline = new Pipeline();
    for (StoredValue stored : entries) {
      StoredEntry entry = stored.entry();
      byte[] key = Keyspace.utf8(entry.key());
      Partition partition = keyspace.partition(namespace, key);
      byte[] name = partition.entry(key);
      boolean expires = entry.expiresAt() != Write.NEVER;
      Request request =
          Request.script(
              partition,
              Script.RESTORE,
              dispatcher.slotsMove()
                  ? created(partition, name, entry.tags(), expires)
                  : List.of(name),
              pipeline.moment.given,
              stored.value(),
              number(stored.value().length),
              Keyspace.utf8(TagJson.write(entry.tags())),
              number(entry.created()),
              number(entry.updated()),
              expires ? number(entry.expiresAt()) : NONE);
      pipeline.add(
          request, key.length + stored.value().length, answer -> dispatcher.result(answer, name));
    }
    pipeline.send();
  }

  /** Removes entries, and what other programs have put in their place; returns how many. */
  long removeAll(Map<Partition, Collection<byte[]>> keys) {
    Pipeline pipeline = new Pipeline();
    Map<Partition, Departures> departures = new HashMap<>();
    keys.forEach(
        (partition, some) -> some.forEach(key -> pipeline.delete(departures, partition, key, ALL)));
    departures.values().forEach(pipeline::delete);
    pipeline.send();
    return pipeline.removed;
  }

  /**
   * A write says how long ago it was made and how long it has to live, and the server adds that to
   * its own time.
   *
   * @param kept when an entry expires now that was written before, if that is what {@code write}
   *     kept: then it goes on, to the millisecond
   */
  private Request set(
      Partition partition,
      byte[] key,
      Write write,
      SetOptions options,
      Moment moment,
      byte[] kept) {
    long now = moment.now;
    boolean expires = write.expiresAt() != Write.NEVER;
    boolean tagged = !write.tags().isEmpty();
    byte[] name = partition.entry(key);
    List<byte[]> keys =
        dispatcher.slotsMove()
            ? created(partition, name, write.tags(), expires || options.keepsTtl())
            : List.of(name);
    boolean[] unusual = {
      tagged,
      expires,
      write.updated() != now,
      write.created() != write.updated(),
      !write.inheritsCreated(),
      options.keepsTags(),
      options.keepsTtl(),
      kept.length > 0
    };
    byte[][] arguments = {
      moment.given,
      write.value(),
      number(write.value().length),
      Keyspace.utf8(TagJson.write(write.tags())),
      expires ? number(Math.min(write.expiresAt() - now, LONGEST_MILLIS)) : NONE,
      age(write.updated(), now),
      age(write.created(), now),
      write.inheritsCreated() ? YES : NO,
      options.keepsTags() ? YES : NO,
      options.keepsTtl() ? YES : NO,
      kept
    };
    int used = arguments.length;
    for (int i = unusual.length - 1; i >= 0 && !unusual[i]; i--) {
      used--; // The server has less to copy; most writes need three.
    }
    return Request.script(partition, Script.SET, keys, Arrays.copyOf(arguments, used));
  }

  /** What writing an entry may create: itself, and indexes. */
  static List<byte[]> created(Partition partition, byte[] name, Set<String> tags, boolean expires) {
    List<byte[]> keys = new ArrayList<>();
    keys.add(name);
    if (!tags.isEmpty()) {
      keys.add(partition.tags());
      tags.forEach(tag -> keys.add(partition.index(Keyspace.utf8(tag))));
    }
    if (expires) {
      keys.add(partition.expiries());
    }
    return keys;
  }

  private static Request delete(Partition partition, byte[] key, byte[] which, byte[] given) {
    return Request.script(partition, Script.DELETE, List.of(partition.entry(key)), given, which);
  }

  /** How long ago something was. */
  static byte[] age(long then, long now) {
    return number(Math.max(0, now - then));
  }

  static byte[] number(long number) {
    return Keyspace.utf8(Long.toString(number));
  }

  /** Requests that are sent together once they are many. */
  private final class Pipeline {
    private final Moment moment = new Moment(clock.given(), clock.millis());
    private final List<Request> requests = new ArrayList<>();
    private final List<Consumer<@Nullable Object>> answered = new ArrayList<>();
    private long bytes;

    /** How many entries were alive that have been removed. */
    private long removed;

    void set(Partition partition, byte[] key, Write write) {
      add(
          Writes.this.set(
              partition,
              key,
              write,
              SetOptions.none(),
              moment,
              write.expiresAt() == Write.NEVER ? NONE : number(write.expiresAt())),
          key.length + write.value().length,
          answer -> dispatcher.result(answer, partition.entry(key)));
    }

    void set(Batch batch) {
      add(batch.request(moment.given, moment.now), batch.bytes(), answer -> finish(batch, answer));
    }

    /** Sets those that the answer says were not, each by itself. */
    private void finish(Batch batch, @Nullable Object answer) {
      if (RedisFailures.isBeingMoved(answer)) {
        batch.forEach(this::set);
        return;
      }
      for (Object number : Replies.list(dispatcher.checked(answer, batch.name()))) {
        batch.get(Replies.number(number), this::set);
      }
    }

    /** So that what is written from now on is dated by what the server's clock shows now. */
    void askForTheTime() {
      if (moment.given.length == 0) {
        add(
            Request.command(0, Command.TIME),
            0,
            answer -> clock.shows(Replies.time(dispatcher.checked(answer, NONE))));
      }
    }

    /** Removes an entry together with others of its partition. */
    void delete(Map<Partition, Departures> batches, Partition partition, byte[] key, byte[] which) {
      Departures batch =
          batches.computeIfAbsent(partition, same -> new Departures(partition, which));
      batch.add(key);
      if (batch.isFull()) {
        delete(batch);
        batches.remove(partition);
      }
    }

    void delete(Departures batch) {
      add(batch.request(moment.given), batch.bytes(), answer -> finish(batch, answer));
    }

    /** Counts, and removes those that the answer says were not, each by itself. */
    private void finish(Departures batch, @Nullable Object answer) {
      if (RedisFailures.isBeingMoved(answer)) {
        batch.forEach(this::delete);
        return;
      }
      List<?> counts = Replies.list(dispatcher.checked(answer, batch.name()));
      removed += Replies.number(counts.get(0));
      for (Object number : counts.subList(1, counts.size())) {
        batch.get(Replies.number(number), this::delete);
      }
    }

    private void delete(Partition partition, byte[] key, byte[] which) {
      add(
          Writes.delete(partition, key, which, moment.given),
          key.length,
          answer -> removed += Replies.number(dispatcher.result(answer, partition.entry(key))));
    }

    private void add(Request request, long size, Consumer<@Nullable Object> whenAnswered) {
      if (!requests.isEmpty() && (requests.size() == MAX_REQUESTS || bytes + size > MAX_BYTES)) {
        send();
      }
      requests.add(request);
      answered.add(whenAnswered);
      bytes += size;
    }

    /** Sends what there is, and what answers give rise to; throws the first that is an error. */
    void send() {
      while (!requests.isEmpty()) {
        List<@Nullable Object> answers = dispatcher.askAll(requests, Access.WRITE);
        List<Consumer<@Nullable Object>> waiting = new ArrayList<>(answered);
        requests.clear();
        answered.clear();
        bytes = 0;
        for (int i = 0; i < answers.size(); i++) {
          waiting.get(i).accept(answers.get(i));
        }
      }
    }
  }
}
