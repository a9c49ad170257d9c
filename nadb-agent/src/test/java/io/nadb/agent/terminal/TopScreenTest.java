package io.nadb.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the keys of {@code nadb top} do. */
class TopScreenTest {
  private final List<String> flushed = new ArrayList<>();
  private final TopScreen screen = new TopScreen(new TopFrame("pid 7"), true, flushed::add);

  private void see(String... stores) {
    List<StoreView> views =
        Stream.of(stores).map(name -> new StoreView(name, Map.of(), Percentiles.NONE)).toList();
    screen.take(new Input.Seen(new Observation(Instant.EPOCH, views, 0)));
  }

  private boolean press(char key) {
    return screen.take(new Input.Key(key));
  }

  private String shown() {
    return screen.draw().plain();
  }

  @Test
  void onlyOneKeyQuits() {
    see("one");
    assertThat(press('x')).isTrue();
    assertThat(press('\u001b')).isTrue();
    assertThat(press('f')).isTrue();
    assertThat(press('q')).isFalse();
  }

  @Test
  void theFirstStoreIsFlushedUnlessAnotherIsChosen() {
    see("one", "two");
    assertThat(shown()).contains("\n> one", "\n  two");
    press('f');
    press('2');
    assertThat(shown()).contains("\n  one", "\n> two");
    press('f');
    assertThat(flushed).containsExactly("one", "two");
    assertThat(shown()).contains("two: is being flushed");
    screen.take(new Input.Told("two: flushed 5 keys"));
    assertThat(shown()).contains("two: flushed 5 keys").doesNotContain("is being flushed");
  }

  @Test
  void theChosenStoreStaysChosenWhereverItMoves() {
    see("one", "two");
    press('2');
    see("two");
    press('f');
    see("another", "one", "two");
    press('f');
    assertThat(flushed).containsExactly("two", "two");
    see("another");
    press('f');
    assertThat(flushed).as("it has gone").containsExactly("two", "two", "another");
  }

  private void move(Input.Move move) {
    screen.take(new Input.Moved(move));
    screen.draw(9, 80); // Four stores fit.
  }

  @Test
  void arrowsAndPagesMoveTheMark() {
    see("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    screen.draw(9, 80);
    move(Input.Move.UP);
    assertThat(shown()).contains("\n> 1 ");
    screen.draw(9, 80);
    move(Input.Move.DOWN);
    assertThat(shown()).contains("\n> 2 ");
    screen.draw(9, 80);
    move(Input.Move.PAGE_DOWN);
    assertThat(shown()).contains("\n> 6 ");
    screen.draw(9, 80);
    move(Input.Move.PAGE_UP);
    assertThat(shown()).contains("\n> 2 ");
    move(Input.Move.LAST);
    assertThat(shown()).contains("\n> 10 ");
    move(Input.Move.DOWN);
    assertThat(shown()).contains("\n> 10 ");
    move(Input.Move.FIRST);
    assertThat(shown()).contains("\n> 1 ");
  }

  @Test
  void withoutStoresThereIsNothingToMoveTo() {
    move(Input.Move.DOWN);
    assertThat(shown()).contains("no store has reported yet");
  }

  @Test
  void whatIsNotThereIsNeitherChosenNorFlushed() {
    press('f');
    assertThat(shown()).contains("there is no store to flush yet");
    see("one", "two");
    press('3');
    assertThat(shown()).contains("there is no store 3", "\n> one");
    press('0');
    press('f');
    assertThat(flushed).containsExactly("one");
  }

  @Test
  void aNoteGoesAwayAfterTenSeconds() {
    see("one");
    screen.take(new Input.Told("one: flushed 5 keys"));
    for (int second = 1; second < 10; second++) {
      see("one");
      assertThat(shown()).contains("flushed 5 keys");
    }
    see("one");
    assertThat(shown()).doesNotContain("flushed 5 keys");
  }

  @Test
  void withoutKeysNoneAreShown() {
    TopScreen still = new TopScreen(new TopFrame("pid 7"), false, flushed::add);
    assertThat(still.draw().plain()).doesNotContain("q quit");
    assertThat(shown()).contains("q quit", "f flush");
  }
}
