package io.nadb;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.StorageBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds what stands before something of the same kind, a backend before a backend or a clock before
 * a clock, to pass on all that the kind has. The compiler asks for abstract methods only: a default
 * method that a wrapper does not override would answer for the wrapper, and what it is a default
 * for, in the one behind, would never be called.
 */
class ForwardingTest {

  /** The classes of all modules, those of tests included: most wrappers are there. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPaths(
              Stream.of("nadb-driver", "nadb-testkit", "nadb-junit", "tests")
                  .map(module -> Path.of("..", module, "target"))
                  .flatMap(
                      target ->
                          Stream.of(target.resolve("classes"), target.resolve("test-classes")))
                  .filter(Files::isDirectory)
                  .toList());

  @Test
  void everyWrapperPassesOnEveryMethodThatHasADefault() {
    List<String> dropped = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      for (JavaClass kind : type.getAllRawInterfaces()) {
        if (isOurs(kind) && wraps(type, kind)) {
          for (JavaMethod method : silentDefaults(kind)) {
            if (!overrides(type, method)) {
              dropped.add(type.getName() + " drops " + method.getFullName());
            }
          }
        }
      }
    }

    assertThat(dropped).isEmpty();
  }

  @Test
  void everyWrapperOfABackendIsAForwardingBackend() {
    JavaClass kind = CLASSES.get(StorageBackend.class);

    assertThat(CLASSES)
        .filteredOn(type -> type.isAssignableTo(StorageBackend.class) && wraps(type, kind))
        .isNotEmpty()
        .allMatch(type -> type.isAssignableTo(ForwardingBackend.class));
  }

  /** Otherwise the rules above would hold of nothing. */
  @Test
  void wrappersAreRecognized() {
    assertThat(wraps(CLASSES.get(ForwardingBackend.class), CLASSES.get(StorageBackend.class)))
        .isTrue();
    assertThat(wraps(CLASSES.get(TimeSource.system().getClass()), CLASSES.get(TimeSource.class)))
        .isFalse();
    assertThat(silentDefaults(CLASSES.get(TimeSource.class)))
        .extracting(JavaMethod::getName)
        .containsExactly("serverTime");
    assertThat(silentDefaults(CLASSES.get(DirectBackend.class)))
        .extracting(JavaMethod::getName)
        .containsExactlyInAnyOrder("expired", "copyIn");
    assertThat(silentDefaults(CLASSES.get(KeyValueStore.class))).isEmpty();
  }

  /** Whether others may stand before it; within the library, a type that hands on may mean it. */
  private static boolean isOurs(JavaClass kind) {
    return Set.of("io.nadb", "io.nadb.spi").contains(kind.getPackageName());
  }

  /** Whether a method of the type asks another one of its kind the same. */
  private static boolean wraps(JavaClass type, JavaClass kind) {
    return type.getMethods().stream()
        .filter(method -> kind.getMethods().stream().anyMatch(each -> isSame(each, method)))
        .flatMap(method -> method.getMethodCallsFromSelf().stream().filter(call -> repeats(call)))
        .anyMatch(call -> call.getTargetOwner().isAssignableTo(kind.getName()));
  }

  /** Whether a call is one of the method that it is made in, but of another object. */
  private static boolean repeats(JavaMethodCall call) {
    JavaClass asked = call.getTargetOwner();
    return call.getName().equals(call.getOrigin().getName())
        && call.getTarget().getRawParameterTypes().equals(call.getOrigin().getRawParameterTypes())
        && (asked.isInterface() || !call.getOriginOwner().isAssignableTo(asked.getName()));
  }

  /**
   * The methods that have a default which says nothing of the one behind. One that only calls
   * others of the same interface says the same for a wrapper, which passes those on.
   */
  private static List<JavaMethod> silentDefaults(JavaClass kind) {
    return kind.getMethods().stream()
        .filter(
            method ->
                !method.getModifiers().contains(JavaModifier.ABSTRACT)
                    && !method.getModifiers().contains(JavaModifier.STATIC)
                    && !method.getModifiers().contains(JavaModifier.PRIVATE)
                    && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                    && method.getMethodCallsFromSelf().stream()
                        .noneMatch(call -> kind.isAssignableTo(call.getTargetOwner().getName())))
        .collect(toList());
  }

  /** Whether the type, or one above it that is no mere interface of the kind, has the method. */
  private static boolean overrides(JavaClass type, JavaMethod method) {
    return Stream.concat(
            Stream.of(type),
            Stream.concat(
                type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream()))
        .filter(each -> !method.getOwner().isAssignableTo(each.getName()))
        .anyMatch(each -> each.getMethods().stream().anyMatch(own -> isSame(own, method)));
  }

  private static boolean isSame(JavaMethod one, JavaMethod other) {
    return one.getName().equals(other.getName())
        && one.getRawParameterTypes().equals(other.getRawParameterTypes());
  }
}
