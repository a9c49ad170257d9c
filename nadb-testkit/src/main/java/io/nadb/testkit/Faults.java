package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Makes the disk and the backends of a {@link NadbHarness} fail, hesitate, hang or fill up.
 *
 * <pre>{@code
 * faults.on(SYNC).fail(new IOException("bad sector"));          // the next one
 * faults.on(WRITE).nth(3).times(2).fail(new IOException("?"));  // the third and the fourth
 * faults.on(SYNC).slow(ofSeconds(2));                           // of virtual time
 * Fault hanging = faults.on(APPLY).block();                     // until hanging.release()
 * faults.freeSpace(1000);                                       // then the disk is full
 * }</pre>
 *
 * <p>A fault that never fired fails the test when the harness is closed, since the test did not
 * test what it says. Operations are counted from the moment when the fault is defined. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Faults {
  private final VirtualTime time;
  private final Ledger ledger;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Interleavings interleavings;

  /** How much can be written; {@link Long#MAX_VALUE} if that is not limited. */
  @GuardedBy("this")
  private long freeBytes = Long.MAX_VALUE;

  @GuardedBy("this")
  private @Nullable String unfiredLimit;

  Faults(VirtualTime time, Ledger ledger) {
    this.time = time;
    this.ledger = ledger;
    this.interleavings = new Interleavings(ledger);
  }

  /** What happens between a read and what follows it. */
  Interleavings interleavings() {
    return interleavings;
  }

  /** Begins the definition of a fault, which strikes the next operation unless told otherwise. */
  public Rule on(Operation operation) {
    return new Rule(Objects.requireNonNull(operation, "operation"), null, 1, 1);
  }

  /**
   * Has an action run, once, when somebody has next read a key through a store of the harness, by a
   * {@code get}, in a transaction or before the function of a {@code compute}: what another thread
   * would do between that read and what follows it. It runs on the thread that reads.
   *
   * <pre>{@code
   * faults.afterNextRead("stock", () -> store.set("stock", none)); // another one was faster
   * store.transaction(tx -> buy(tx));                               // runs twice
   * }</pre>
   *
   * <p>No fault, but like one it fails the test if it never happens.
   */
  public void afterNextRead(String key, Runnable action) {
    interleavings.place(
        Objects.requireNonNull(key, "key"), Objects.requireNonNull(action, "action"));
  }

  /**
   * Lets so many more bytes be written to files; then writes fail, after as much of them as there
   * is room for, until {@link #heal}.
   */
  public synchronized void freeSpace(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("free space of " + bytes + " bytes is negative");
    }
    freeBytes = bytes;
    unfiredLimit = "free space of " + bytes + " bytes: never used up";
  }

  /** No byte can be written to a file until {@link #heal}. */
  public void diskFull() {
    freeSpace(0);
  }

  /** Ends all faults: nothing fails any more, nobody is held, and there is room. */
  public void heal() {
    end();
    time.settle();
  }

  void end() {
    synchronized (this) {
      freeBytes = Long.MAX_VALUE;
    }
    faults.forEach(Fault::end);
  }

  /** Whether a thread may be held, or slowed down. */
  boolean mayHold() {
    return faults.stream().anyMatch(Fault::mayHold);
  }

  /** Describes the faults that may hold a thread. */
  List<String> holding() {
    return faults.stream().filter(Fault::mayHold).map(Fault::toString).toList();
  }

  /** Describes the faults that have not struck, ended ones too. */
  public synchronized List<String> unfired() {
    List<String> unfired =
        new java.util.ArrayList<>(
            faults.stream().filter(Fault::isPending).map(Fault::toString).toList());
    unfired.addAll(interleavings.pending());
    if (unfiredLimit != null) {
      unfired.add(unfiredLimit);
    }
    return List.copyOf(unfired);
  }

  /** Delays and holds the calling thread as planned; returns the fault that makes it fail. */
  @Nullable Fault arrive(Operation operation, String target) {
    Fault failing = null;
    for (Fault fault : faults) {
      if (fault.strikes(operation, target)) {
        ledger.add("fault " + fault);
        fault.delay();
        if (failing == null && fault.fails()) {
          failing = fault;
        }
      }
    }
    return failing;
  }

  /** As {@link #arrive}, and fails. */
  void pass(Operation operation, String target) throws IOException {
    Fault failing = arrive(operation, target);
    if (failing != null) {
      failing.raise();
    }
  }

  /** Takes room for a write; returns for how much of it there is some. */
  synchronized int takeRoom(int length) {
    if (freeBytes == Long.MAX_VALUE) {
      return length;
    }
    int fits = (int) Math.min(length, freeBytes);
    freeBytes -= fits;
    if (fits < length) {
      unfiredLimit = null;
    }
    return fits;
  }

  /** A fault in the making. Immutable. */
  public final class Rule {
    private final Operation operation;
    private final @Nullable String file;
    private final int first;
    private final int times;

    private Rule(Operation operation, @Nullable String file, int first, int times) {
      this.operation = operation;
      this.file = file;
      this.first = first;
      this.times = times;
    }

    /** Strikes only files whose name matches a glob, for example {@code *.seg}. */
    public Rule file(String glob) {
      return new Rule(operation, Objects.requireNonNull(glob, "glob"), first, times);
    }

    /** Lets operations pass before the {@code number}th from now, which is struck. */
    public Rule nth(int number) {
      return new Rule(operation, file, checkPositive(number), times);
    }

    /** Strikes so many operations in a row. */
    public Rule times(int count) {
      return new Rule(operation, file, first, checkPositive(count));
    }

    /** Strikes every operation until {@link Faults#heal}. */
    public Rule always() {
      return new Rule(operation, file, first, Integer.MAX_VALUE);
    }

    private int checkPositive(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(count + " is less than 1; operations count from 1");
      }
      return count;
    }

    /**
     * The operation does nothing and fails: an unchecked exception or an error as it is, anything
     * else as the cause of an {@link IOException} with its message.
     */
    public Fault fail(Throwable failure) {
      return add(new Fault.Action(checked(failure), false, Duration.ZERO, false));
    }

    /** Half of a write, or all of another operation but a sync, is done before it fails. */
    public Fault failHalfDone(Throwable failure) {
      return add(new Fault.Action(checked(failure), true, Duration.ZERO, false));
    }

    private Throwable checked(Throwable failure) {
      return Objects.requireNonNull(failure, "failure");
    }

    /**
     * The operation takes so long in virtual time. On a background thread it is done when somebody
     * has advanced so far; on another thread the operation itself moves the time.
     */
    public Fault slow(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("duration " + duration + " is not positive");
      }
      return add(new Fault.Action(null, false, duration, false));
    }

    /** The thread is held before the operation until {@link Fault#release}. */
    public Fault block() {
      return add(new Fault.Action(null, false, Duration.ZERO, true));
    }

    private Fault add(Fault.Action action) {
      Fault fault = new Fault(new Fault.Plan(operation, file, first, times), action, time);
      faults.add(fault);
      return fault;
    }
  }
}
