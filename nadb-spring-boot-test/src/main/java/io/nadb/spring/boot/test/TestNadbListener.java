package io.nadb.spring.boot.test;

import io.nadb.testkit.Check;
import io.nadb.testkit.NadbHarness;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Ends with a test what it has done to the machine, so that the next one finds the application
 * running; and fails a test whose faults never fired.
 */
final class TestNadbListener implements TestExecutionListener {
  private static final String UNFIRED = TestNadbListener.class.getName() + ".unfired";

  @Override
  public void beforeTestMethod(TestContext test) {
    NadbHarness harness = harness(test);
    if (harness != null) {
      test.setAttribute(UNFIRED, harness.faults().unfired());
    }
  }

  @Override
  public void afterTestMethod(TestContext test) {
    List<?> before = (List<?>) test.removeAttribute(UNFIRED);
    NadbHarness harness = harness(test);
    if (harness == null || before == null) {
      return;
    }
    List<String> unfired = new ArrayList<>(harness.faults().unfired());
    before.forEach(unfired::remove);
    harness.faults().heal();
    if (!harness.isRunning()) {
      harness.restart();
    }
    if (!unfired.isEmpty() && test.getTestException() == null && isStrict(test)) {
      throw new AssertionError(
          "fault never fired: " + String.join("\nfault never fired: ", unfired));
    }
  }

  private static boolean isStrict(TestContext test) {
    AutoConfigureTestNadb found = TestNadbCustomizerFactory.find(test.getTestClass());
    return found != null && !Set.of(found.lenient()).contains(Check.UNFIRED_FAULTS);
  }

  /** The harness of the test's application, or null if that has none, or has not started. */
  private static @Nullable NadbHarness harness(TestContext test) {
    if (TestNadbCustomizerFactory.find(test.getTestClass()) == null
        || !test.hasApplicationContext()) {
      return null;
    }
    return test.getApplicationContext().getBean(TestNadbCustomizer.HARNESS, NadbHarness.class);
  }
}
