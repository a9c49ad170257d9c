package io.nadb.jcache;

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
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a value says of its classes. */
class ClassDescriptionsTest {
  private static final String URL = "nadb:mem:ClassDescriptionsTest";

  private final Managers managers = new Managers();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    managers.close();
  }

  private Cache<Object, Object> cache(ClassLoader loader) {
    return Managers.plain(managers.open(URL, loader, new Properties()), "c");
  }

  private Cache<Object, Object> cache() {
    return cache(getClass().getClassLoader());
  }

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
  void classesAboveAndFieldsOfAnyKindComeBack() {
    Cache<Object, Object> cache = cache();
    for (int i = 0; i < 2; i++) {
      Below written = new Below();
      written.above = "changed " + i;
      cache.put("k", written);
      Below read = (Below) Objects.requireNonNull(cache.get("k"));
      assertThat(read.above).isEqualTo("changed " + i);
      assertThat(read.below).containsExactly("below");
      assertThat(read.lost).isNull();
      assertThat(read.self).isSameAs(read);
    }
  }

  @Test
  void enumsArraysAndDescriptionsThemselvesComeBack() {
    Cache<Object, Object> cache = cache();
    for (Object value : List.of(TimeUnit.DAYS, DayOfWeek.MONDAY, new int[][] {{1}, {2, 3}})) {
      cache.put("k", value);
      assertThat(cache.get("k")).isEqualTo(value);
    }
    cache.put("k", ObjectStreamClass.lookup(Below.class));
    assertThat(cache.get("k")).hasToString(ObjectStreamClass.lookup(Below.class).toString());
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
    Cache<Object, Object> old = cache(before);
    Cache<Object, Object> renewed = cache(after);
    for (int i = 0; i < 2; i++) {
      old.put("old", value(before, i));
      renewed.put("new", value(after, i, "x"));
      assertThat(renewed.get("old")).hasToString("Value[number=" + i + ", more=null]");
      assertThat(renewed.get("new")).hasToString("Value[number=" + i + ", more=x]");
      assertThat(old.get("new")).hasToString("Value[number=" + i + "]");
    }
  }
}
