package io.nadb.internal.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No class that a store needs is initialized when memory may be short. */
class EagerClassesTest {
  private static final String ROOT = "io.nadb.";

  /** What is initialized late on purpose. */
  private static final Set<String> LATE =
      Set.of(
          "internal.library.EagerClasses", // The list itself.
          "NadbDriverManager$Default", // Makes the default registry, and with it all the others.
          "internal.metadata.SqliteLibrary"); // Loads native code; the metadata are optional.

  @Test
  void everyClassWithSomethingToInitializeIsOnTheList() {
    List<String> initialized =
        new ClassFileImporter()
            .importPath(Path.of("..", "nadb-driver", "target", "classes")).stream()
                .filter(type -> type.getStaticInitializer().isPresent())
                .map(JavaClass::getName)
                .map(name -> name.substring(ROOT.length()))
                .filter(name -> !LATE.contains(name))
                // Loading an event class has the JDK build its catalog of events: see Recordings.
                .filter(name -> !name.matches("internal\\.jfr\\.\\w+Event\\$Type"))
                .toList();

    assertThat(Stream.concat(EagerClasses.OF_EVERY_STORE.stream(), EagerClasses.OF_REDIS.stream()))
        .containsExactlyInAnyOrderElementsOf(initialized);
  }
}
