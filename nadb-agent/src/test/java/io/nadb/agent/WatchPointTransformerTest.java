package io.nadb.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.StubMethod;
import org.junit.jupiter.api.Test;

/** What becomes of the watch points of drivers of any version. */
class WatchPointTransformerTest {
  private static final String NAME = WatchPointTransformer.TARGET.replace('.', '/');
  private static final String NO_NEXUS = "net.bytebuddy.nexus.disabled";

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final WatchPointTransformer transformer =
      new WatchPointTransformer(new Warnings(new PrintStream(err, true, UTF_8)));

  private String said() {
    return err.toString(UTF_8);
  }

  private static byte[] driver() throws Exception {
    try (InputStream in =
        WatchPointTransformerTest.class.getResourceAsStream("/" + NAME + ".class")) {
      assertThat(in).isNotNull();
      return in.readAllBytes();
    }
  }

  private static byte[] olderDriver() {
    return new ByteBuddy()
        .subclass(Object.class)
        .name(WatchPointTransformer.TARGET)
        .defineMethod("opened", void.class, java.lang.reflect.Modifier.STATIC)
        .withParameters(java.util.function.Function.class)
        .intercept(StubMethod.INSTANCE)
        .make()
        .getBytes();
  }

  @Test
  void theDriversWatchPointsAreAdvisedWithoutAWord() throws Exception {
    byte[] advised = transformer.transform(null, NAME, null, null, driver());
    assertThat(new String(advised, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("io.nadb.agent.AgentSink");
    assertThat(said()).isEmpty();
  }

  @Test
  void aDriverThatTellsLessIsOneWarningAndIsWatchedAsFarAsItGoes() {
    byte[] older = olderDriver();
    assertThat(transformer.transform(null, NAME, null, null, older)).isNotEqualTo(older);
    assertThat(transformer.transform(null, NAME, null, null, older)).isNotEqualTo(older);
    assertThat(said().lines())
        .containsExactly(
            "nadb-agent: this version of nadb-driver does not tell of closed, flushed, full,"
                + " stalled; use an agent of the same version");
  }

  @Test
  void aDriverThatCannotBeReadIsOneWarningAndIsUsedAsItIs() {
    byte[] strange = {1, 2, 3};
    assertThat(transformer.transform(null, NAME, null, null, strange)).isNull();
    assertThat(transformer.transform(null, NAME, null, null, strange)).isNull();
    assertThat(said().lines())
        .singleElement()
        .asString()
        .startsWith("nadb-agent: can't look into this version of nadb-driver: ")
        .endsWith("; the application goes on without");
  }

  @Test
  void noOtherClassIsTouched() throws Exception {
    assertThat(transformer.transform(null, "io/nadb/Other", null, null, driver())).isNull();
    assertThat(transformer.transform(null, null, null, null, driver())).isNull();
    assertThat(said()).isEmpty();
  }

  @Test
  void theSystemPropertyForByteBuddyIsThereNoLongerThanItIsNeeded() throws Exception {
    String before = System.clearProperty(NO_NEXUS);
    try {
      transformer.transform(null, NAME, null, null, driver());
      assertThat(System.getProperty(NO_NEXUS)).isNull();
      System.setProperty(NO_NEXUS, "false");
      transformer.transform(null, NAME, null, null, driver());
      assertThat(System.getProperty(NO_NEXUS)).isEqualTo("false");
    } finally {
      if (before == null) {
        System.clearProperty(NO_NEXUS);
      } else {
        System.setProperty(NO_NEXUS, before);
      }
    }
  }
}
