package io.nadb.internal.log.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Parts that are read ahead. */
class ReadAheadTest {
  private static final int COUNT = 200;
  private static final int THREADS = 3;

  private final Set<Integer> read = ConcurrentHashMap.newKeySet();
  private final Set<Integer> discarded = ConcurrentHashMap.newKeySet();

  private int read(int number) {
    read.add(number);
    return number;
  }

  @Test
  void partsComeInTheirOrder() throws Exception {
    List<Integer> taken = new ArrayList<>();
    try (ReadAhead<Integer> parts = new ReadAhead<>(COUNT, THREADS, this::read, discarded::add)) {
      for (int i = 0; i < COUNT; i++) {
        taken.add(parts.next());
      }
    }
    assertThat(taken).hasSize(COUNT).isSorted().doesNotHaveDuplicates();
    assertThat(discarded).isEmpty();
  }

  @Test
  void whatWasReadForNobodyIsDiscarded() throws Exception {
    try (ReadAhead<Integer> parts = new ReadAhead<>(COUNT, THREADS, this::read, discarded::add)) {
      assertThat(parts.next()).isZero();
    }
    read.remove(0);
    assertThat(discarded).isEqualTo(read);
  }

  @Test
  void whatIsWaitedForWhenWaitingFailsIsDiscardedToo() {
    assertThatThrownBy(
            () -> {
              try (ReadAhead<Integer> parts =
                  new ReadAhead<>(COUNT, THREADS, this::read, discarded::add)) {
                parts.next(
                    part -> {
                      throw new IllegalStateException("enough");
                    });
              }
            })
        .hasMessage("enough");
    assertThat(discarded).contains(0).isEqualTo(read);
  }

  @Test
  void onlyOneMoreIsReadAheadThanThereAreThreads() throws Exception {
    try (ReadAhead<Integer> parts = new ReadAhead<>(COUNT, THREADS, this::read, discarded::add)) {
      parts.next();
    }
    assertThat(read).hasSize(THREADS + 1);
  }

  @Test
  void aFailureComesInItsPlaceAsItIs() throws Exception {
    List<Throwable> failures =
        List.of(new IOException("one"), new IllegalStateException("two"), new InternalError("3"));
    for (Throwable failure : failures) {
      CountDownLatch failed = new CountDownLatch(1);
      try (ReadAhead<Integer> parts =
          new ReadAhead<>(
              3,
              THREADS,
              number -> {
                if (number == 1) {
                  failed.countDown();
                  ReadAheadTest.<RuntimeException>raise(failure);
                }
                return read(number);
              },
              discarded::add)) {
        assertThat(parts.next()).isZero();
        assertThatThrownBy(parts::next).isSameAs(failure);
        assertThat(failed.getCount()).isZero();
      }
    }
  }

  @Test
  void anInterruptedCallerGetsItsPartAllTheSame() throws Exception {
    try (ReadAhead<Integer> parts = new ReadAhead<>(2, THREADS, this::read, discarded::add)) {
      Thread.currentThread().interrupt();
      assertThat(parts.next()).isZero();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void withOneThreadTheCallerReads() throws Exception {
    List<Thread> readers = new ArrayList<>();
    try (ReadAhead<Integer> parts =
        new ReadAhead<>(
            3,
            1,
            number -> {
              readers.add(Thread.currentThread());
              return number;
            },
            discarded::add)) {
      assertThat(List.of(parts.next(), parts.next())).containsExactly(0, 1);
    }
    assertThat(readers).hasSize(2).containsOnly(Thread.currentThread());
    assertThat(discarded).isEmpty();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void raise(Throwable failure) throws E {
    throw (E) failure;
  }
}
