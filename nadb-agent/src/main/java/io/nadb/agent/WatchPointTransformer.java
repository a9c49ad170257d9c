package io.nadb.agent;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;

import io.nadb.jmx.Monitor;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Puts the advice into the driver's watch points when their class is loaded, in whatever class
 * loader. It looks at the name of every class, and at nothing else of any other: Byte Buddy is not
 * even loaded in a JVM that has no NADB.
 */
final class WatchPointTransformer implements ClassFileTransformer {
  static final String TARGET = "io.nadb.internal.watch.WatchPoints";

  /** Without it, Byte Buddy uses sun.misc.Unsafe, which newer JDKs remark on. */
  private static final String NO_NEXUS = "net.bytebuddy.nexus.disabled";

  private static final String TARGET_INTERNAL = TARGET.replace('.', '/');

  private final Warnings warnings;

  WatchPointTransformer(Warnings warnings) {
    this.warnings = warnings;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (!TARGET_INTERNAL.equals(className)) {
      return null;
    }
    String before = System.getProperty(NO_NEXUS);
    try {
      System.setProperty(NO_NEXUS, "true");
      return advise(classFile);
    } catch (Throwable e) { // The class is used as it is.
      warnings.warn("can't look into this version of nadb-driver", e);
      return null;
    } finally {
      if (before == null) {
        System.clearProperty(NO_NEXUS);
      } else {
        System.setProperty(NO_NEXUS, before);
      }
    }
  }

  private byte[] advise(byte[] classFile) {
    ClassLoader own = WatchPointTransformer.class.getClassLoader();
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(TARGET, classFile), ClassFileLocator.ForClassLoader.of(own));
    TypeDescription target = TypePool.Default.of(locator).describe(TARGET).resolve();
    checkComplete(target);
    return new ByteBuddy()
        .with(TypeValidation.DISABLED)
        .with(Implementation.Context.Disabled.Factory.INSTANCE)
        .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
        .decorate(target, locator)
        .visit(
            Advice.to(ReportAdvice.class, ClassFileLocator.ForClassLoader.of(own))
                .on(namedOneOf(Monitor.POINTS.toArray(String[]::new))))
        .make()
        .getBytes();
  }

  private void checkComplete(TypeDescription target) {
    List<String> missing = new ArrayList<>(Monitor.POINTS);
    missing.removeIf(point -> !target.getDeclaredMethods().filter(named(point)).isEmpty());
    if (!missing.isEmpty()) {
      warnings.warn(
          "this version of nadb-driver does not tell of "
              + String.join(", ", missing)
              + "; use an agent of the same version");
    }
  }
}
