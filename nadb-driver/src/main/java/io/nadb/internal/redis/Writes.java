package io.nadb.internal.redis;

import io.nadb.SetOptions;
import io.nadb.internal.redis.Dispatcher.Access;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.Cut;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends writes: a script each, which changes an entry and its indexes at once. */
final class Writes {
  /** No pipeline is longer, so that neither the server nor this process has to hold much. */
  private static final int MOST_REQUESTS = 1000;

  private static final long MOST_BYTES = 1 << 20;

  private static final byte[] NO = {'0'};
  private static final byte[] YES = {'1'};
  private static final byte[] NONE = {};
  private static final byte[] ANY = Keyspace.utf8("any");
  private static final byte[] EXPIRED = Keyspace.utf8("expired");
  private static final byte[] ALL = Keyspace.utf8("all");

  private final Dispatcher dispatcher;
  private final Keyspace keyspace;

  Writes(Dispatcher dispatcher, Keyspace keyspace) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
  }

  void set(String namespace, String key, Write write, SetOptions options, long now) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    Request request = set(partition, utf8, write, options.keepsTags(), options.keepsTtl(), now);
    dispatcher.run(request, partition.entry(utf8), Access.WRITE);
  }

  boolean delete(String namespace, String key, long now) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    Request request = delete(partition, utf8, ANY, now);
    return Replies.number(dispatcher.run(request, partition.entry(utf8), Access.WRITE)) == 1;
  }

  /** Sends all writes of a cut, in pipelines; each entry at once, but not all of them. */
  void apply(Cut cut, long now) {
    Pipeline pipeline = new Pipeline();
    cut.forEach(
        (namespace, key, write) -> {
          byte[] utf8 = Keyspace.utf8(key);
          Partition partition = keyspace.partition(namespace, utf8);
          if (write.isDelete()) {
            byte[] which = write.isExpiry() ? EXPIRED : ANY;
            pipeline.add(
                delete(partition, utf8, which, write.isExpiry() ? write.updated() : now),
                partition.entry(utf8),
                utf8.length);
          } else {
            pipeline.add(
                set(partition, utf8, write, false, false, now),
                partition.entry(utf8),
                utf8.length + write.value().length);
          }
        });
    pipeline.send();
  }

  /** Removes entries, and what other programs have put in their place; returns how many. */
  long removeAll(Map<Partition, Collection<byte[]>> keys, long now) {
    Pipeline pipeline = new Pipeline();
    keys.forEach(
        (partition, some) ->
            some.forEach(
                key ->
                    pipeline.add(
                        delete(partition, key, ALL, now), partition.entry(key), key.length)));
    pipeline.send();
    return pipeline.ones;
  }

  private static Request set(
      Partition partition, byte[] key, Write write, boolean keepTags, boolean keepTtl, long now) {
    List<byte[]> keys = new ArrayList<>();
    keys.add(partition.entry(key));
    if (!write.tags().isEmpty()) {
      keys.add(partition.tags());
      write.tags().forEach(tag -> keys.add(partition.index(Keyspace.utf8(tag))));
    }
    boolean expires = write.expiresAt() != Write.NEVER;
    if (expires || keepTtl) {
      keys.add(partition.expiries());
    }
    return Request.script(
        partition,
        Script.SET,
        keys,
        key,
        write.value(),
        number(write.value().length),
        Keyspace.utf8(TagJson.write(write.tags())),
        number(write.created()),
        write.inheritsCreated() ? YES : NO,
        number(write.updated()),
        expires ? number(write.expiresAt()) : NONE,
        keepTags ? YES : NO,
        keepTtl ? YES : NO,
        number(now));
  }

  private static Request delete(Partition partition, byte[] key, byte[] which, long now) {
    return Request.script(
        partition, Script.DELETE, List.of(partition.entry(key)), key, number(now), which);
  }

  private static byte[] number(long number) {
    return Keyspace.utf8(Long.toString(number));
  }

  /** Requests that are sent together once they are many. */
  private final class Pipeline {
    private final List<Request> requests = new ArrayList<>();
    private final List<byte[]> names = new ArrayList<>();
    private long bytes;

    /** How many answers were 1. */
    private long ones;

    void add(Request request, byte[] name, long size) {
      if (!requests.isEmpty() && (requests.size() == MOST_REQUESTS || bytes + size > MOST_BYTES)) {
        send();
      }
      requests.add(request);
      names.add(name);
      bytes += size;
    }

    /** Sends what there is; throws the first answer that is an error. */
    void send() {
      if (requests.isEmpty()) {
        return;
      }
      List<@Nullable Object> answers = dispatcher.askAll(requests, Access.WRITE);
      for (int i = 0; i < answers.size(); i++) {
        if (dispatcher.result(answers.get(i), names.get(i)) instanceof Long one && one == 1) {
          ones++;
        }
      }
      requests.clear();
      names.clear();
      bytes = 0;
    }
  }
}
