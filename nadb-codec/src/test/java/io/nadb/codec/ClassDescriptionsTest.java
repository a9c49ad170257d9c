package io.nadb.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a value says of its classes. */
class ClassDescriptionsTest {
  private final Codec<Object> codec =
      SerializationCodec.of(Object.class, getClass().getClassLoader());

  @TempDir private Path directory;

  static class Above implements Serializable {
    private static final long serialVersionUID = 1L;
    String above = "above";
  }

  static final class Below extends Above {
    private static final long serialVersionUID = 2L;
    ArrayList<String> below = new ArrayList<>(List.of("below"));
    transient String lost = "lost";
    final Below self = this;
  }

  @Test
  void classesAboveAndFieldsOfAnyKindComeBack() throws Exception {
    for (int i = 0; i < 2; i++) {
      Below written = new Below();
      written.above = "changed " + i;
      Below read = (Below) codec.decode(codec.encode(written));
      assertThat(read.above).isEqualTo("changed " + i);
      assertThat(read.below).containsExactly("below");
      assertThat(read.lost).isNull();
      assertThat(read.self).isSameAs(read);
    }
  }

  @Test
  void enumsArraysAndDescriptionsThemselvesComeBack() throws Exception {
    for (Object value : List.of(TimeUnit.DAYS, DayOfWeek.MONDAY, new int[][] {{1}, {2, 3}})) {
      assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }
    ObjectStreamClass described = ObjectStreamClass.lookup(Below.class);
    assertThat(codec.decode(codec.encode(described))).hasToString(described.toString());
  }

  /** Compiles a record of some components, and returns a loader that has it. */
  private ClassLoader withRecord(String components) throws IOException {
    Path sources = Files.createTempDirectory(directory, "version");
    Path source = sources.resolve("Value.java");
    Files.writeString(
        source, "public record Value(" + components + ") implements java.io.Serializable {}");
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", sources.toString(), source.toString());
    assertThat(code).isZero();
    return new URLClassLoader(
        new URL[] {sources.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }

  private static Object value(ClassLoader loader, Object... components)
      throws ReflectiveOperationException {
    return loader.loadClass("Value").getConstructors()[0].newInstance(components);
  }

  @Test
  void aClassThatHasGotAFieldReadsWhatWasWrittenBefore() throws Exception {
    ClassLoader before = withRecord("int number");
    ClassLoader after = withRecord("int number, String more");
    Codec<Object> old = SerializationCodec.of(Object.class, before);
    Codec<Object> renewed = SerializationCodec.of(Object.class, after);
    for (int i = 0; i < 2; i++) {
      byte[] byOld = old.encode(value(before, i));
      byte[] byNew = renewed.encode(value(after, i, "x"));
      assertThat(renewed.decode(byOld)).hasToString("Value[number=" + i + ", more=null]");
      assertThat(renewed.decode(byNew)).hasToString("Value[number=" + i + ", more=x]");
      assertThat(old.decode(byNew)).hasToString("Value[number=" + i + "]");
    }
  }
}
