package io.nadb.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In which order tasks run, and what comes between their steps. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueSyncOrderTest extends SharedThread {
  /** A task with a period of its own. */
  private static final class Paced extends Tick {
    final long period;

    Paced(String name, long period) {
      super(name);
      this.period = period;
    }

    @Override
    public long runDue(long nowNanos) {
      super.runDue(nowNanos);
      return nowNanos + period;
    }
  }

  @Test
  void tasksThatAreDueTogetherRunInTheOrderOfTheirComing() {
    List<String> order = new ArrayList<>();
    List<Tick> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Tick tick =
          new Tick("tick" + i) {
            @Override
            public long runDue(long nowNanos) {
              order.add(name());
              return super.runDue(nowNanos);
            }
          };
      tick.join(sync);
      all.add(tick);
    }
    List<String> names = all.stream().map(Tick::name).toList();
    for (int second = 0; second < 3; second++) {
      order.clear();
      time.advance(Duration.ofSeconds(1));
      assertThat(order).isEqualTo(names);
    }
    all.forEach(Tick::leave);
  }

  @Test
  void eachIsRunWhenItIsDueHoweverManyComeAndGo() {
    Random random = new Random(7);
    List<Paced> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Paced tick = new Paced("tick" + i, (1 + random.nextInt(50)) * SECOND / 10);
      tick.join(sync);
      all.add(tick);
      if (i % 3 == 0) {
        Paced leaving = all.remove(random.nextInt(all.size()));
        leaving.leave();
      }
      time.advance(Duration.ofMillis(random.nextInt(300)));
    }
    all.forEach(tick -> tick.runs.set(0));
    long begun = time.nanoTime();
    time.advance(Duration.ofSeconds(100));

    assertThat(all)
        .allSatisfy(
            tick ->
                assertThat((long) tick.runs.get())
                    .isBetween(100 * SECOND / tick.period, 100 * SECOND / tick.period + 1));
    assertThat(time.nanoTime() - begun).isEqualTo(100 * SECOND);
    assertThat(sync.status().maxLag()).isZero();
    all.forEach(Tick::leave);
  }

  @Test
  void dueWorkOfOthersComesBetweenAnyTwoSteps() {
    List<String> order = new ArrayList<>();
    AtomicInteger left = new AtomicInteger();
    Tick stepping =
        new Tick("stepping") {
          @Override
          public boolean runStep() {
            if (left.get() == 0) {
              return false;
            }
            order.add("step");
            time.sleep(Duration.ofSeconds(1)); // Meanwhile the other one falls due.
            return left.decrementAndGet() > 0;
          }
        };
    Tick other =
        new Tick("other") {
          @Override
          public long runDue(long nowNanos) {
            order.add("due");
            return super.runDue(nowNanos);
          }
        };
    other.join(sync);
    stepping.join(sync);
    order.clear();
    left.set(3);
    stepping.wake();
    time.advance(Duration.ofSeconds(3));

    assertThat(order).containsExactly("step", "due", "step", "due", "step", "due");
    stepping.leave();
    other.leave();
  }

  @Test
  void aTaskThatIsAlwaysDueKeepsNobodyFromAStep() {
    AtomicInteger left = new AtomicInteger();
    Tick stepping =
        new Tick("stepping") {
          @Override
          public boolean runStep() {
            return left.get() > 0 && left.decrementAndGet() > 0;
          }
        };
    Tick busy =
        new Tick("busy") {
          @Override
          public long runDue(long nowNanos) {
            super.runDue(nowNanos);
            if (left.get() == 0) {
              return Long.MAX_VALUE;
            }
            stepping.wake();
            return nowNanos;
          }
        };
    busy.join(sync);
    stepping.join(sync);
    left.set(10);
    busy.wake(); // It is due again and again until the other one has got on.

    assertThat(left).hasValue(0);
    stepping.leave();
    busy.leave();
  }

  @Test
  void wakingATaskThatHasLeftDoesNothing() {
    Tick tick = new Tick("a");
    Tick other = new Tick("other");
    tick.join(sync);
    other.join(sync);
    tick.leave();
    int before = tick.runs.get();
    tick.wake();
    other.leave();
    tick.wake();
    assertThat(tick.runs).hasValue(before);
    assertThat(sync.status().running()).isFalse();
  }

  @Test
  void wakingATaskCostsTheOthersNothing() {
    List<Tick> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Tick tick = new Tick("tick" + i);
      tick.join(sync);
      all.add(tick);
    }
    List<Integer> before = all.stream().map(tick -> tick.runs.get()).toList();
    all.get(50).wake();

    for (int i = 0; i < 100; i++) {
      assertThat(all.get(i).runs).hasValue(before.get(i) + (i == 50 ? 1 : 0));
    }
    all.forEach(Tick::leave);
  }
}
