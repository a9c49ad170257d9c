package io.nadb;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Which calls read a clock, or wait for a time. */
final class TimeUse {
  private static final Set<String> WAITS =
      Set.of("sleep", "timedWait", "timedJoin", "parkNanos", "parkUntil", "awaitNanos");

  private TimeUse() {}

  /** Whether this access is such a call. */
  static boolean isIn(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    if (!(target instanceof CodeUnitAccessTarget called)) {
      return false;
    }
    JavaClass owner = called.getOwner();
    String name = called.getName();
    List<String> parameters = called.getRawParameterTypes().stream().map(HasName::getName).toList();
    return readsClock(owner, name, parameters) || waits(owner, name, parameters);
  }

  private static boolean readsClock(JavaClass owner, String name, List<String> parameters) {
    if (owner.isEquivalentTo(System.class)) {
      return name.equals("currentTimeMillis") || name.equals("nanoTime");
    }
    if (owner.isEquivalentTo(Clock.class) || owner.isEquivalentTo(InstantSource.class)) {
      return name.startsWith("system") || name.startsWith("tick");
    }
    if (owner.isEquivalentTo(Date.class)) {
      return name.equals("<init>") && parameters.isEmpty();
    }
    if (owner.isEquivalentTo(Calendar.class)) {
      return name.equals("getInstance");
    }
    return owner.getPackageName().startsWith("java.time") && name.equals("now");
  }

  private static boolean waits(JavaClass owner, String name, List<String> parameters) {
    if (name.equals("wait") && !parameters.isEmpty()) {
      return parameters.get(0).equals("long");
    }
    if (owner.isAssignableTo(Thread.class)) {
      return name.equals("sleep") || (name.equals("join") && !parameters.isEmpty());
    }
    if (owner.isEquivalentTo(Executors.class)) {
      return name.contains("Scheduled");
    }
    boolean concurrent =
        owner.getPackageName().startsWith("java.util.concurrent")
            || owner.getAllRawSuperclasses().stream().anyMatch(TimeUse::isConcurrent)
            || owner.getAllRawInterfaces().stream().anyMatch(TimeUse::isConcurrent)
            || owner.isAssignableTo(Process.class);
    return concurrent
        && (WAITS.contains(name) || (takesTime(parameters) && !name.equals("convert")));
  }

  private static boolean isConcurrent(JavaClass type) {
    return type.getPackageName().startsWith("java.util.concurrent");
  }

  /** Every timeout of java.util.concurrent is a number with a unit, a duration or a date. */
  private static boolean takesTime(List<String> parameters) {
    return parameters.contains(TimeUnit.class.getName())
        || parameters.contains(Duration.class.getName())
        || parameters.contains(Date.class.getName());
  }
}
