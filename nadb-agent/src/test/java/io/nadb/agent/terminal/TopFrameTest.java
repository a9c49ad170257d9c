package io.nadb.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code nadb top} shows. */
class TopFrameTest {
  private final TopFrame top = new TopFrame("pid 7 app.jar");

  private static StoreView store(String name, long buffered, long flushes, Object... more) {
    Map<String, Object> figures = new HashMap<>();
    figures.put("BufferLimitBytes", 1000L);
    figures.put("BufferedBytes", buffered);
    figures.put("BufferedAgeMillis", 3200L);
    figures.put("FlushCount", flushes);
    figures.put("State", "HEALTHY");
    figures.put("LastFlushCause", "INTERVAL");
    for (int i = 0; i < more.length; i += 2) {
      figures.put((String) more[i], more[i + 1]);
    }
    return new StoreView(name, figures, new Percentiles(5, 4, 4, 20, 31, 31, 31));
  }

  private static Observation at(long second, double slowestMillis, StoreView... stores) {
    return new Observation(Instant.ofEpochSecond(second), List.of(stores), slowestMillis);
  }

  private Frame next(Observation now, int chosen, String note) {
    top.add(now);
    return top.draw(chosen, note);
  }

  @Test
  void aLineForEachStoreWithItsBufferAsABar() {
    next(at(10, 0, store("shop", 0, 4)), -1, "");
    String frame = next(at(12, 7, store("shop", 710, 6)), -1, "").plain();
    assertThat(frame.lines())
        .containsExactly(
            "nadb top  pid 7 app.jar  stores 1",
            "  STORE             BUFFER              AT RISK      AGE  FLUSH/s      p50      p99"
                + "  FAIL  CAUSE",
            "  shop              ███████░░░  71%       710 B    3.2 s      1.0   4.0 ms    31 ms"
                + "     0  INTERVAL",
            "",
            "flush ms ▁█  slowest 7.0 ms, last 2 s");
  }

  @Test
  void aFullBufferAndAFailureStandOut() {
    Frame frame =
        next(
            at(10, 0, store("shop", 2500, 4, "State", "DEGRADED", "LastFailure", "disk full")),
            -1,
            "");
    assertThat(frame.plain()).contains("██████████ 250%", "DEGRADED: disk full");
    assertThat(frame.ansi()).contains("\u001b[31m██████████");
  }

  @Test
  void theKeysAndTheChosenStoreAreShownIfThereAreKeys() {
    String frame =
        next(at(10, 0, store("one", 0, 0), store("two", 0, 0)), 1, "two: flushed 5 keys").plain();
    assertThat(frame).contains("q quit", "\n> two", "\n  one", "two: flushed 5 keys");
  }

  @Test
  void openSnapshotsOfAllStoresAreToldInALine() {
    StoreView[] stores = {
      store(
          "one", 0, 0, "OpenSnapshots", 1L, "OldestSnapshotAgeMillis", 900L, "SnapshotBytes", 100L),
      store(
          "two",
          0,
          0,
          "OpenSnapshots",
          2L,
          "OldestSnapshotAgeMillis",
          240_000L,
          "SnapshotBytes",
          30_000_000L),
      store("three", 0, 0)
    };

    assertThat(next(at(10, 0, stores), -1, "").plain())
        .contains("\nsnapshots: 3 open, keeping 29 MB; the oldest for 4 min, in two");
    assertThat(next(at(11, 0, stores[2]), -1, "").plain()).doesNotContain("snapshots");
  }

  @Test
  void openFeedsOfAllStoresAreToldInALine() {
    StoreView[] stores = {
      store("one", 0, 0, "OpenFeeds", 1L, "FeedLag", 5L, "FeedBytes", 100L),
      store("two", 0, 0, "OpenFeeds", 2L, "FeedLag", 24_000L, "FeedBytes", 30_000_000L),
      store("three", 0, 0),
      store("four", 0, 0, "OpenFeeds", 1L)
    };

    assertThat(next(at(10, 0, stores), -1, "").plain())
        .contains("\nfeeds: 4 open, keeping 29 MB; the slowest is 24,000 writes behind, in two");
    assertThat(next(at(11, 0, stores[2]), -1, "").plain()).doesNotContain("feeds");
    assertThat(next(at(12, 0, stores[3]), -1, "").plain())
        .contains("\nfeeds: 1 open, keeping 0 B; none is behind");
  }

  @Test
  void withoutAStoreItSaysWhatIsWaitedFor() {
    assertThat(next(at(10, 0), -1, "").plain()).contains("no store has reported yet");
  }

  @Test
  void flushesPerSecondAreCountedFromWhenTheTimeIsKnown() {
    next(new Observation(Instant.EPOCH, List.of(store("shop", 0, 2)), 0), -1, "");
    assertThat(next(at(10, 0, store("shop", 0, 4)), -1, "").plain()).contains("        –   4.0 ms");
    assertThat(next(at(12, 0, store("shop", 0, 9)), -1, "").plain()).contains("      2.5   4.0 ms");
  }

  private Frame small(int chosen, int rows, int columns) {
    return top.draw(chosen, "", rows, columns);
  }

  @Test
  void eightyColumnsHaveEveryColumn() {
    StoreView[] stores = {
      store("a-store-whose-name-is-long", 5000, 4, "FlushFailures", 12345L),
      store("sick", 0, 1, "State", "DEGRADED", "LastFailure", "the disk has no room left"),
      store("slow", 0, 1, "LastFlushCause", "DURABILITY")
    };
    top.add(at(10, 7, stores));
    String frame = small(1, 24, 80).plain();

    assertThat(frame.lines()).allMatch(line -> line.length() <= 80);
    assertThat(frame.lines().skip(1).findFirst().orElseThrow())
        .contains("STORE", "AT RISK", "AGE", "FLUSH/s", "p50", "p99", "FAIL", "CAUSE");
    assertThat(frame)
        .contains("a-sto…s-long ", "500%", "31 ms 12345  INTERVAL")
        .contains("0  DURABILITY", "0  DEGRADED\n", "sick: the disk has no room left");
  }

  @Test
  void namesHaveTheRoomThatTheWidthGives() {
    String name = "a-name-of-sixty-four-columns-".repeat(3).substring(0, 64);
    top.add(at(10, 7, store(name, 500, 4)));

    assertThat(small(0, 50, 200).plain()).contains(name, "█████░░░░░");
    assertThat(small(0, 50, 120).plain()).contains("a-name-of-sixty-f…our-columns-a-name");
  }

  private void addThirty() {
    StoreView[] stores = new StoreView[30];
    for (int i = 0; i < stores.length; i++) {
      stores[i] = store("store" + (i + 1), 0, 0);
    }
    top.add(at(10, 7, stores));
  }

  @Test
  void moreStoresThanLinesScrollWithTheMarkAndTheFooterStays() {
    addThirty();

    String first = small(0, 24, 80).plain();
    assertThat(first.lines()).hasSize(24);
    assertThat(first)
        .contains("stores 30, here 1 to 19", "> store1 ", "  store19 ", "flush ms", "q quit")
        .doesNotContain("store20", "lines more");
    assertThat(top.page()).isEqualTo(19);
    assertThat(small(19, 24, 80).plain()).contains("here 2 to 20", "> store20 ");
    assertThat(small(5, 24, 80).plain()).as("no further than need be").contains("here 2 to 20");
    assertThat(small(29, 24, 80).plain()).contains("here 12 to 30", "> store30 ", "q quit");
    assertThat(small(0, 24, 80).plain()).contains("here 1 to 19");
    assertThat(small(0, 50, 200).plain()).contains("stores 30\n", "store30 ");
  }

  @Test
  void drawingTwiceChangesNothing() {
    next(at(10, 5, store("shop", 0, 4)), -1, "");
    String once = next(at(12, 7, store("shop", 710, 6)), -1, "").plain();
    assertThat(top.draw(-1, "").plain()).isEqualTo(once);
  }

  @Test
  void aSmallTerminalHasWhatThereIsRoomFor() {
    Frame frame = next(at(10, 0, store("one", 0, 0), store("two", 0, 0)), 0, "note").fit(4, 12);
    assertThat(frame.plain().lines())
        .containsExactly("nadb top  pi", "  STORE", "> one", "… 5 lines mo");
    assertThat(next(at(11, 0), -1, "").fit(5, 200).plain()).doesNotContain("more");
  }

  @Test
  void thePictureHasTheSameTextAndItsBarsAsRectangles() {
    String svg = Svg.draw(next(at(10, 0, store("a<b", 500, 0)), -1, ""));
    assertThat(svg).startsWith("<svg ").contains("a&lt;b", "<rect").doesNotContain("█", "░");
  }
}
