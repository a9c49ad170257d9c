package io.nadb;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds what the driver tells GraalVM's native images to the code: all that is looked up by name is
 * on the list, and all that is on the list exists.
 */
class ReachabilityTest {
  private static final Path CLASSES = Path.of("..", "nadb-driver", "target", "classes");
  private static final Path METADATA =
      CLASSES.resolve("META-INF/native-image/io.nadb/nadb-driver/reachability-metadata.json");

  /** Who looks up classes, members or files by name. */
  private static final Set<String> LOOK_UP =
      Set.of(
          "io.nadb.internal.codec.Codec",
          "io.nadb.internal.driver.RedisDriver",
          "io.nadb.internal.jfr.Recordings",
          "io.nadb.internal.log.segment.MappedFile",
          "io.nadb.internal.log.segment.MappedFile$ArenaMapper",
          "io.nadb.internal.metadata.SqliteLibrary",
          "io.nadb.internal.redis.Script",
          // What it does not find, it does without; an image has no use for it.
          "io.nadb.internal.library.EagerClasses");

  private static final Pattern BY_NAME =
      Pattern.compile(
          "java\\.lang\\.Class\\.(forName|get(Declared)?(Field|Method|Constructor|Resource).*)"
              + "|java\\.lang\\.invoke\\.MethodHandles\\$Lookup\\.(find|unreflect).*"
              + "|java\\.lang\\.ClassLoader\\.(loadClass|getResource.*)"
              + "|java\\.lang\\.reflect\\.Proxy\\..*");

  private static final Pattern TYPE = Pattern.compile("\"type\": \"([^\"]+)\"");
  private static final Pattern MEMBER = Pattern.compile("\"name\": \"([^\"]+)\"");
  private static final Pattern GLOB = Pattern.compile("\"glob\": \"([^\"]+)\"");

  /** Java 17 has not got what Java 22 brought, and is not asked for it. */
  private static final String SINCE_22 = "java.lang.foreign.";

  @Test
  void onlyTheseClassesLookUpAnythingByName() {
    Set<String> found =
        new ClassFileImporter()
            .importPath(CLASSES).stream()
                .filter(
                    type ->
                        type.getAccessesFromSelf().stream().anyMatch(ReachabilityTest::isByName))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());

    assertThat(found).isEqualTo(LOOK_UP);
  }

  private static boolean isByName(JavaAccess<?> access) {
    return BY_NAME
        .matcher(access.getTargetOwner().getName() + "." + access.getTarget().getName())
        .matches();
  }

  @Test
  void everyClassThatIsListedExistsWithItsMembers() throws IOException {
    Map<String, String> entries = entries();

    assertThat(entries).hasSize(10);
    entries.forEach(
        (type, entry) -> {
          if (Runtime.version().feature() >= 22 || !type.startsWith(SINCE_22)) {
            assertThat(members(type)).as(type).containsAll(all(MEMBER, entry));
          }
        });
  }

  @Test
  void everyNameThatIsLookedUpIsListed() throws IOException {
    Set<String> constants = new TreeSet<>();
    for (String type : LOOK_UP) {
      Path source =
          Path.of("..", "nadb-driver", "src", "main", "java")
              .resolve(type.replaceFirst("\\$.*", "").replace('.', '/') + ".java");
      if (!type.endsWith("EagerClasses")) {
        constants.addAll(
            all(
                Pattern.compile("\"((?:[a-z][a-z0-9]*\\.){2,}[A-Z]\\w+)\""),
                Files.readString(source)));
      }
    }

    assertThat(constants).isNotEmpty();
    assertThat(entries().keySet()).containsAll(constants);
    assertThat(entries()).containsKey(FileChannel.class.getName());
  }

  @Test
  void theFilesAreListedAndAreThere() throws IOException {
    List<PathMatcher> globs =
        all(GLOB, Files.readString(METADATA)).stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    List<Path> scripts;
    try (Stream<Path> walk = Files.walk(CLASSES)) {
      scripts =
          walk.filter(file -> file.toString().endsWith(".lua")).map(CLASSES::relativize).toList();
    }

    assertThat(scripts).isNotEmpty();
    assertThat(scripts).allMatch(file -> globs.stream().anyMatch(glob -> glob.matches(file)));
    assertThat(globs).allMatch(glob -> scripts.stream().anyMatch(glob::matches));
  }

  /** The entries by the names of their types. */
  private static Map<String, String> entries() throws IOException {
    return Arrays.stream(Files.readString(METADATA).split("(?=\\{\\s*\"type\")"))
        .filter(part -> TYPE.matcher(part).find())
        .collect(Collectors.toMap(part -> all(TYPE, part).iterator().next(), part -> part));
  }

  private static Set<String> members(String type) {
    try {
      Class<?> found = Class.forName(type, false, ReachabilityTest.class.getClassLoader());
      return Stream.of(found.getDeclaredMethods(), found.getDeclaredFields())
          .flatMap(Arrays::stream)
          .map(java.lang.reflect.Member::getName)
          .collect(Collectors.toSet());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("there is no class " + type, e);
    }
  }

  private static Collection<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(hit -> hit.group(1)).toList();
  }
}
