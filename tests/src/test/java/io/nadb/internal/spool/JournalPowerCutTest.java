package io.nadb.internal.spool;

import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.lock.DirectoryLock;
import io.nadb.internal.lock.OwnedIo;
import io.nadb.spi.Cut;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.DiskOperation;
import io.nadb.testkit.disk.DiskOperation.Kind;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cuts the power after every operation on a spool's journal, and reads what may be left. */
@Tag("proof")
class JournalPowerCutTest {
  private static final int STEPS = Integer.getInteger("nadb.powercut.steps", 60);
  private static final int KEYS = 5;

  /** So that it goes on in new files, and is written anew, now and then. */
  private static final long FILE_BYTES = 1000;

  @TempDir(factory = InMemory.class)
  Path temp;

  /** From an operation on, what the server has, and up to where writes have returned. */
  private record Moment(int count, long forwarded, long returned) {}

  private final List<Moment> moments = new ArrayList<>(List.of(new Moment(0, 0, 0)));

  /** The keys of all writes, which begin with number 1. */
  private final List<String> keys = new ArrayList<>();

  private int images;

  /** How many writes a server would get again, and how often some of them would be gone. */
  private int resent;

  private int gaps;

  @ParameterizedTest
  @CsvSource({"true, false, 1", "true, true, 2", "false, false, 3", "false, true, 4"})
  void whatHasReturnedIsReadInItsOrderAfterAPowerCutAtAnyMoment(
      boolean syncs, boolean faults, long seed) throws IOException {
    Path directory = Files.createDirectories(temp.resolve("spool"));
    SimulatedDisk disk = new SimulatedDisk(directory);
    try (DirectoryLock lock = DirectoryLock.acquire(directory, Instant.EPOCH)) {
      SpoolJournal journal =
          new SpoolJournal(directory, new OwnedIo(disk, lock), syncs, 0, FILE_BYTES);
      if (faults) {
        disk.failing(index -> index % 11 == 10 ? SimulatedDisk.Fault.HALF_DONE : null);
      }
      run(journal, disk, new Random(seed));
    }
    CrashImage image = new CrashImage(disk);
    List<DiskOperation> operations = disk.operations();
    for (int count = 0; count <= operations.size(); count++) {
      image.advance(operations, count);
      check(image, count, Fate.KEPT, true);
      for (Fate fate : Set.of(Fate.LOST, Fate.NAMES_KEPT, Fate.CONTENTS_KEPT, Fate.TORN)) {
        check(image, count, fate, syncs);
      }
      check(image, count, Fate.RANDOM, syncs);
    }
    assertThat(operations.stream().map(DiskOperation::kind))
        .contains(Kind.CREATE, Kind.DELETE, Kind.SYNC, Kind.SYNC_DIRECTORY);
    assertThat(resent).isPositive();
    assertThat(gaps).isPositive();
    System.out.println(images + " images of " + operations.size() + " operations");
  }

  private void run(SpoolJournal journal, SimulatedDisk disk, Random random) {
    long forwarded = 0;
    long returned = 0;
    boolean failed = false;
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(6) == 0) {
        forwarded = keys.size() - Math.min(keys.size() - forwarded, random.nextInt(3));
        note(disk, forwarded, returned);
        journal.forwarded(forwarded);
      }
      long before = failed ? forwarded : keys.size();
      for (int i = random.nextInt(3); i >= 0; i--) {
        keys.add("k" + random.nextInt(KEYS));
      }
      boolean all = failed || journal.isLarge();
      try {
        journal.append(new Latest(all ? forwarded : before), all);
        failed = false;
        returned = keys.size();
      } catch (IOException e) {
        failed = true;
      }
      note(disk, forwarded, returned);
    }
  }

  private void note(SimulatedDisk disk, long forwarded, long returned) {
    moments.add(new Moment(disk.count(), forwarded, returned));
  }

  /** The latest write of each key after a number. */
  private final class Latest implements Cut {
    private final long last = keys.size();
    private final Map<String, Long> writes;

    Latest(long after) {
      writes = latest(after, last);
    }

    @Override
    public long sequence() {
      return last;
    }

    @Override
    public int size() {
      return writes.size();
    }

    @Override
    public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
      for (Map.Entry<String, Long> each : writes.entrySet()) {
        long number = each.getValue();
        visitor.visit("n", each.getKey(), write(number));
      }
    }
  }

  private static Write write(long number) {
    return number % 4 == 0
        ? Write.delete(number, number)
        : Write.set(number, utf8("v" + number), Set.of("t"), 1, true, number, Write.NEVER);
  }

  private Map<String, Long> latest(long after, long last) {
    Map<String, Long> latest = new TreeMap<>();
    for (long number = after + 1; number <= last; number++) {
      latest.put(keys.get((int) number - 1), number);
    }
    return latest;
  }

  private void check(CrashImage image, int count, Fate fate, boolean all) throws IOException {
    Path to = temp.resolve("image" + images++);
    image.writeAll(temp.resolve("spool"), to, fate, new Random(count));
    Moment moment = moments.get(0);
    for (Moment each : moments) {
      moment = each.count() <= count ? each : moment;
    }
    long forwarded = moment.forwarded();
    Map<String, Long> found = new TreeMap<>();
    long reached =
        new JournalReader(to)
            .read(
                forwarded,
                true,
                (writes, sequence) ->
                    writes.forEach(each -> found.put(each.key(), each.write().sequence())));

    String what = fate + " after operation " + count;
    assertThat(reached).as(what).isBetween(all ? moment.returned() : forwarded, (long) keys.size());
    assertThat(found).as(what).isEqualTo(latest(forwarded, reached));
    assertThat(new JournalReader(to).count()).as(what).isGreaterThanOrEqualTo(found.size());
    if (fate == Fate.KEPT) {
      checkFailover(to, random(count, forwarded), forwarded, reached, what);
      checkFailover(to, 0, forwarded, reached, what);
    }
  }

  private static long random(int seed, long bound) {
    return (long) (new Random(seed).nextDouble() * bound);
  }

  /** The server may have lost what it had, and files that it had all of are gone. */
  private void checkFailover(Path to, long mark, long forwarded, long reached, String what)
      throws IOException {
    Map<String, Long> found = new TreeMap<>();
    List<Long> numbers = new ArrayList<>();
    long last =
        new JournalReader(to)
            .read(
                mark,
                true,
                (writes, sequence) ->
                    writes.forEach(
                        each -> {
                          numbers.add(each.write().sequence());
                          found.put(each.key(), each.write().sequence());
                        }));
    Remainder lost = new JournalReader(to).remainder(mark, forwarded);

    String failover = what + ", and the server has but " + mark + " of " + forwarded;
    assertThat(last).as(failover).isBetween(reached > forwarded ? reached : mark, reached);
    assertThat(numbers).as(failover).isSorted().doesNotHaveDuplicates();
    assertThat(found).as(failover).containsAllEntriesOf(latest(forwarded, reached));
    Map<String, Long> again = new TreeMap<>();
    lost.writes().forEach(each -> again.put(each.key(), each.write().sequence()));
    assertThat(lost.after()).as(failover).isBetween(mark, forwarded);
    assertThat(again.values()).as(failover).allMatch(each -> each > mark && each <= forwarded);
    Map<String, Long> missing = latest(lost.after(), forwarded);
    missing.keySet().removeAll(latest(forwarded, keys.size()).keySet());
    assertThat(again).as(failover).containsAllEntriesOf(missing);
    resent += again.size();
    gaps += lost.after() > mark ? 1 : 0;
  }
}
