package io.nadb.internal.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When each member is due, and who has steps to do: a binary heap by time and a queue.
 *
 * <p>Nothing here allocates once a member has been added, so no member is lost when memory is
 * short, and a member that sleeps costs the others nothing. Of members that are due at the same
 * time, the one comes first that was scheduled first.
 */
final class Schedule {
  @GuardedBy("this")
  private @Nullable Member[] heap = new Member[4];

  /** Written under the monitor; others read it for whether there are several. */
  private volatile int size;

  /** How often a member has been given a place. */
  @GuardedBy("this")
  private long tickets;

  @GuardedBy("this")
  private @Nullable Member firstStepper;

  @GuardedBy("this")
  private @Nullable Member lastStepper;

  int size() {
    return size;
  }

  /** Adds a member, due at once. */
  synchronized void add(Member member, long nowNanos) {
    int count = size;
    if (count == heap.length) {
      heap = Arrays.copyOf(heap, 2 * count);
    }
    heap[count] = member;
    member.place = count;
    size = count + 1;
    move(member, nowNanos);
  }

  /** Takes a member away, if it is there. */
  synchronized void remove(Member member) {
    int place = member.place;
    if (place < 0) {
      return;
    }
    int last = size - 1;
    Member moved = at(last);
    heap[last] = null;
    size = last;
    member.place = -1;
    if (moved != member) {
      heap[place] = moved;
      moved.place = place;
      sift(moved);
    }
  }

  /** Makes a member due now, unless it was due before. */
  synchronized void wake(Member member, long nowNanos) {
    member.woken = true;
    wakeBy(member, nowNanos);
  }

  /** Makes all due now, after a thread has ended that may have been about to change anything. */
  synchronized void wakeAll(long nowNanos) {
    firstStepper = null;
    lastStepper = null;
    for (int i = 0; i < size; i++) { // In order already: all are due at the same time.
      Member member = at(i);
      member.place = i;
      member.due = nowNanos;
      member.ticket = ++tickets;
      member.woken = true;
      member.stepping = false;
      member.nextStepper = null;
    }
  }

  /** Has a member called by then at the latest. */
  synchronized void wakeBy(Member member, long latestNanos) {
    if (member.place >= 0 && latestNanos < member.due) {
      move(member, latestNanos);
    }
  }

  /** Notes that a member is about to do what is due; from now on it can be woken again. */
  synchronized void begin(Member member) {
    member.woken = false;
    if (member.place >= 0) {
      move(member, Long.MAX_VALUE);
    }
  }

  /** Notes when a member is due next; if it has been woken meanwhile, it is due already. */
  synchronized void end(Member member, long nextNanos) {
    if (member.place >= 0 && !member.woken) {
      move(member, nextNanos);
    }
  }

  /** What {@link #due} is to be asked with, so that each member comes at most once. */
  synchronized long mark() {
    return tickets;
  }

  /** Gives the member that is due first, unless that has been scheduled since the mark. */
  synchronized @Nullable Member due(long nowNanos, long mark) {
    Member first = heap[0];
    return first != null && first.due <= nowNanos && first.ticket <= mark ? first : null;
  }

  /** When the next member is due; {@link Long#MAX_VALUE} if none is. */
  synchronized long next() {
    Member first = heap[0];
    return first == null ? Long.MAX_VALUE : first.due;
  }

  /** Has a member do a step when it is its turn. */
  synchronized void addStepper(Member member) {
    if (member.stepping || member.place < 0) {
      return;
    }
    member.stepping = true;
    if (lastStepper == null) {
      firstStepper = member;
    } else {
      lastStepper.nextStepper = member;
    }
    lastStepper = member;
  }

  /** Gives the member whose turn it is to do a step. */
  synchronized @Nullable Member stepper() {
    return firstStepper;
  }

  /** Notes that the member whose turn it is has had it. */
  synchronized void endTurn(Member member) {
    if (firstStepper == member) {
      firstStepper = member.nextStepper;
      if (firstStepper == null) {
        lastStepper = null;
      }
      member.nextStepper = null;
      member.stepping = false;
    }
  }

  /** Calls back for each member. */
  synchronized void forEach(Consumer<Member> each) {
    for (int i = 0; i < size; i++) {
      each.accept(at(i));
    }
  }

  @GuardedBy("this")
  private void move(Member member, long dueNanos) {
    member.due = dueNanos;
    member.ticket = ++tickets;
    sift(member);
  }

  /** Brings a member up or down to where it belongs. */
  @GuardedBy("this")
  private void sift(Member member) {
    int place = member.place;
    while (place > 0 && isBefore(member, at((place - 1) / 2))) {
      put(at((place - 1) / 2), place);
      place = (place - 1) / 2;
    }
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && isBefore(at(child + 1), at(child))) {
        child++;
      }
      if (!isBefore(at(child), member)) {
        break;
      }
      put(at(child), place);
      place = child;
    }
    put(member, place);
  }

  @GuardedBy("this")
  private void put(Member member, int place) {
    heap[place] = member;
    member.place = place;
  }

  @GuardedBy("this")
  private Member at(int place) {
    Member member = heap[place];
    if (member == null) {
      throw new IllegalStateException("nobody is at " + place + " of " + size);
    }
    return member;
  }

  private static boolean isBefore(Member one, Member other) {
    return one.due < other.due || (one.due == other.due && one.ticket < other.ticket);
  }
}
