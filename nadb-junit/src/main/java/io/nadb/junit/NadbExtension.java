package io.nadb.junit;

import io.nadb.KeyValueStore;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Injects what {@link NadbStore} asks for.
 *
 * <p>The annotation registers it. To give all stores of a class what the annotation can't say,
 * register one in a static field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final NadbExtension nadb =
 *     NadbExtension.with(HarnessSettings.DEFAULT.withUrl("nadb:mem:").withStart(newYear));
 *
 * @Test
 * void startsAtNewYear(KeyValueStore store, VirtualTime time) { … }
 * }</pre>
 *
 * <p>With such a field, a parameter of type {@link KeyValueStore} needs no annotation.
 *
 * @since 0.1.0
 */
public final class NadbExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        InvocationInterceptor,
        ParameterResolver {
  private final HarnessSettings settings;

  /** For JUnit; see {@link #with} for fields. */
  public NadbExtension() {
    this(HarnessSettings.DEFAULT);
  }

  private NadbExtension(HarnessSettings settings) {
    this.settings = settings;
  }

  /** Creates an extension for a field that is annotated with {@code @RegisterExtension}. */
  public static NadbExtension with(HarnessSettings settings) {
    return new NadbExtension(settings);
  }

  HarnessSettings settings() {
    return settings;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Fields.injectStatic(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Fields.injectInstance(context);
  }

  /** Ends the test's stores; tells the scopes around it of a failure, which nobody else does. */
  @Override
  public void afterEach(ExtensionContext context) {
    try {
      end(context);
    } catch (AssertionError e) {
      failAround(context, e);
      throw e;
    }
    Diagnosis.failureOf(context).ifPresent(failure -> failAround(context, failure));
  }

  /** A dynamic test has no lifecycle; the stores that it uses are those of its factory. */
  @Override
  public void interceptDynamicTest(
      Invocation<Void> invocation, DynamicTestInvocationContext dynamic, ExtensionContext context)
      throws Throwable {
    try {
      invocation.proceed();
    } catch (Throwable failure) {
      if (Diagnosis.isFailure(failure)) {
        failAround(context, failure);
      }
      throw failure;
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    end(context);
  }

  private static void end(ExtensionContext context) {
    Scope scope = Scope.find(context);
    if (scope != null) {
      scope.close();
    }
  }

  private static void failAround(ExtensionContext context, Throwable failure) {
    ExtensionContext around = context.getParent().orElse(null);
    while (around != null) {
      Scope scope = Scope.find(around);
      if (scope != null) {
        scope.fail(failure);
      }
      around = around.getParent().orElse(null);
    }
  }

  /** A constructor's parameter belongs to the test for which the instance is made. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    Optional<NadbExtension> registered = Settings.registered(context);
    if (registered.isPresent() && registered.get() != this) {
      return false; // That one does it; JUnit wants one only.
    }
    return parameter.isAnnotated(NadbStore.class)
        || Declaration.isPart(type)
        || (type == KeyValueStore.class && registered.isPresent());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Parameter place = parameter.getParameter();
    if (parameter.isAnnotated(NadbStore.class)) {
      return Scope.of(context).resolve(Declaration.of(place, place, place.getType()));
    }
    NadbHarness harness = harnessOf(parameter.getDeclaringExecutable(), context);
    return place.getType() == KeyValueStore.class
        ? harness.store()
        : Declaration.part(place.getType(), harness);
  }

  /**
   * The one harness that a parameter without annotation can mean: that of the test, if the test
   * declares a store, else that of the class, else one of its own.
   */
  private static NadbHarness harnessOf(Executable executable, ExtensionContext context) {
    Set<String> groups = new TreeSet<>(Fields.instanceGroups(context));
    Arrays.stream(executable.getParameters())
        .flatMap(parameter -> Declaration.find(parameter).stream())
        .forEach(annotation -> groups.add(annotation.group()));
    Scope own = Scope.find(context);
    if (own != null) {
      groups.addAll(own.groups());
    }
    if (!groups.isEmpty()) {
      return Scope.of(context).harness(only(groups, executable));
    }
    Scope around = nearest(context);
    return around == null
        ? Scope.of(context).harness("")
        : around.harness(only(around.groups(), executable));
  }

  private static @Nullable Scope nearest(ExtensionContext context) {
    ExtensionContext around = context.getParent().orElse(null);
    while (around != null) {
      Scope scope = Scope.find(around);
      if (scope != null && !scope.groups().isEmpty()) {
        return scope;
      }
      around = around.getParent().orElse(null);
    }
    return null;
  }

  private static String only(Set<String> groups, Executable executable) {
    if (groups.size() > 1) {
      throw new ParameterResolutionException(
          "a parameter of ["
              + executable
              + "] could belong to the stores of "
              + groups
              + "; say which with @NadbStore(group = \"…\")");
    }
    return groups.iterator().next();
  }
}
