package io.nadb.internal.redis;

import io.nadb.SetOptions;
import io.nadb.internal.async.Pipeline;
import io.nadb.internal.async.Reply;
import io.nadb.internal.redis.Keyspace.Partition;
import io.nadb.spi.Change;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.StoredValue;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls of different callers that go to the servers together, each a request or two. */
final class RedisPipeline implements Pipeline {
  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Entries entries;
  private final Writes writes;
  private final Changes changes;
  private final List<SeparateRequest> requests = new ArrayList<>();
  private final List<Runnable> tellings = new ArrayList<>();

  RedisPipeline(
      Dispatcher dispatcher, Keyspace keyspace, Entries entries, Writes writes, Changes changes) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.entries = entries;
    this.writes = writes;
    this.changes = changes;
  }

  /** Makes an answer from what the server has replied. */
  private interface Reading<T> {
    T read();
  }

  private SeparateRequest add(Request request, boolean writing) {
    SeparateRequest added = new SeparateRequest(request, writing);
    requests.add(added);
    return added;
  }

  private <T> void tell(Reply<T> reply, Reading<T> reading) {
    tellings.add(
        () -> {
          T answer;
          try {
            answer = reading.read();
          } catch (RuntimeException e) {
            reply.failed(e);
            return;
          }
          reply.answered(answer);
        });
  }

  @Override
  public void value(String namespace, String key, Reply<Optional<byte[]>> reply) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    SeparateRequest all = add(Entries.askAll(partition, name), false);
    tell(reply, () -> Optional.ofNullable(entries.answeredValue(name, all.reply())));
  }

  @Override
  public void entry(String namespace, String key, Reply<Optional<StoredEntry>> reply) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    SeparateRequest fields = add(entries.ask(partition, utf8), false);
    SeparateRequest exists = add(Entries.askWhether(partition, partition.entry(utf8)), false);
    tell(
        reply,
        () -> {
          StoredEntry entry = entries.answered(partition, utf8, fields.reply());
          if (entry == null && Replies.number(checked(exists, partition.entry(utf8))) == 1) {
            entry = entries.entry(namespace, key); // Something else, or just come into being.
          }
          return Optional.ofNullable(entry).filter(entries::isAlive);
        });
  }

  @Override
  public void read(String namespace, String key, Reply<Optional<StoredValue>> reply) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    SeparateRequest all = add(Entries.askAll(partition, name), false);
    tell(
        reply,
        () ->
            Optional.ofNullable(entries.answered(name, utf8, all.reply()))
                .filter(stored -> entries.isAlive(stored.entry())));
  }

  @Override
  public void set(
      String namespace, String key, Write write, SetOptions options, Reply<Write> reply) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    SeparateRequest set = add(writes.setting(partition, utf8, write, options), true);
    tell(
        reply,
        () -> {
          result(set, partition.entry(utf8));
          return write;
        });
  }

  @Override
  public void delete(String namespace, String key, Reply<Boolean> reply) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    SeparateRequest delete = add(writes.deleting(partition, utf8), true);
    tell(reply, () -> Writes.existed(result(delete, partition.entry(utf8))));
  }

  @Override
  public void change(String namespace, String key, Change change, Reply<Change.Outcome> reply) {
    byte[] utf8 = Keyspace.utf8(key);
    Partition partition = keyspace.partition(namespace, utf8);
    byte[] name = partition.entry(utf8);
    SeparateRequest made = add(changes.request(partition, name, change), true);
    tell(reply, () -> Changes.outcome(key, change, result(made, name)));
  }

  private @Nullable Object checked(SeparateRequest request, byte[] name) {
    return dispatcher.checked(request.reply(), name);
  }

  private @Nullable Object result(SeparateRequest request, byte[] name) {
    return dispatcher.result(request.reply(), name);
  }

  @Override
  public void send() {
    if (!requests.isEmpty()) {
      dispatcher.askSeparately(requests);
    }
    tellings.forEach(Runnable::run);
  }
}
