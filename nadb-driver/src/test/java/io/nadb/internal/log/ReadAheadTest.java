package io.nadb.internal.log;

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

  private final Set<Integer> read = ConcurrentHashMap.newKeySet();
  private final Set<Integer> discarded = ConcurrentHashMap.newKeySet();

  private int read(int number) {
    read.add(number);
    return number;
  }

  @Test
  void partsComeInTheirOrder() throws Exception {
    List<Integer> taken = new ArrayList<>();
    try (ReadAhead<Integer> parts = new ReadAhead<>(COUNT, this::read, discarded::add)) {
      for (int i = 0; i < COUNT; i++) {
        taken.add(parts.next());
      }
    }
    assertThat(taken).hasSize(COUNT).isSorted().doesNotHaveDuplicates();
    assertThat(discarded).isEmpty();
  }

  @Test
  void whatWasReadForNobodyIsDiscarded() throws Exception {
    try (ReadAhead<Integer> parts = new ReadAhead<>(COUNT, this::read, discarded::add)) {
      assertThat(parts.next()).isZero();
    }
    read.remove(0);
    assertThat(discarded).isEqualTo(read);
  }

  @Test
  void onlySoManyAreReadAheadAsThereAreProcessors() throws Exception {
    try (ReadAhead<Integer> parts = new ReadAhead<>(COUNT, this::read, discarded::add)) {
      parts.next();
    }
    assertThat(read).hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
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
    try (ReadAhead<Integer> parts = new ReadAhead<>(2, this::read, discarded::add)) {
      Thread.currentThread().interrupt();
      assertThat(parts.next()).isZero();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aSinglePartIsReadByTheCaller() throws Exception {
    try (ReadAhead<Thread> parts =
        new ReadAhead<>(1, number -> Thread.currentThread(), thread -> {})) {
      assertThat(parts.next()).isSameAs(Thread.currentThread());
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void raise(Throwable failure) throws E {
    throw (E) failure;
  }
}
