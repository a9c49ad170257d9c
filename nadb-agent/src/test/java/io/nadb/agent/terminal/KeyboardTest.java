package io.nadb.agent.terminal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys arrive. */
class KeyboardTest {
  private final List<Input> inputs = new ArrayList<>();

  @Test
  void eachKeyArrivesAndTheEndOfTheTerminalIsTheKeyToQuit() {
    Keyboard.read(new ByteArrayInputStream("2f".getBytes(US_ASCII)), inputs::add);
    assertThat(inputs).containsExactly(new Input.Key('2'), new Input.Key('f'), new Input.Key('q'));
  }

  @Test
  void keysThatMoveAreSequences() {
    String keys = "\u001b[A\u001bOB\u001b[5~\u001b[6~\u001b[H\u001b[4~\u001b[15~f\u001bx";
    Keyboard.read(new ByteArrayInputStream(keys.getBytes(US_ASCII)), inputs::add);
    assertThat(inputs)
        .containsExactly(
            new Input.Moved(Input.Move.UP),
            new Input.Moved(Input.Move.DOWN),
            new Input.Moved(Input.Move.PAGE_UP),
            new Input.Moved(Input.Move.PAGE_DOWN),
            new Input.Moved(Input.Move.FIRST),
            new Input.Moved(Input.Move.LAST),
            new Input.Key('f'),
            new Input.Key('x'),
            new Input.Key('q'));
  }

  @Test
  void aTerminalThatHasGoneIsTheKeyToQuit() throws Exception {
    InputStream gone = InputStream.nullInputStream();
    gone.close();
    Keyboard.read(gone, inputs::add);
    assertThat(inputs).containsExactly(new Input.Key('q'));
  }
}
