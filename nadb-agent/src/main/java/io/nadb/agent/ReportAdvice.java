package io.nadb.agent;

import net.bytebuddy.asm.Advice;

/**
 * What is put at the beginning of each watch point. Its code is copied there, so it may use only
 * what any class loader sees: types of {@code java.base}.
 */
final class ReportAdvice {

  private ReportAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Origin("#m") String point, @Advice.AllArguments Object[] arguments)
      throws ReflectiveOperationException {
    Class.forName("io.nadb.agent.AgentSink", true, ClassLoader.getSystemClassLoader())
        .getMethod("report", String.class, Object[].class)
        .invoke(null, point, arguments);
  }
}
