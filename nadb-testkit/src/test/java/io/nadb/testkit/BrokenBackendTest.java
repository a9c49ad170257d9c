package io.nadb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.testkit.BrokenDriver.Defect;
import io.nadb.testkit.contract.Capability;
import io.nadb.testkit.contract.StoreContract;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract finds what is wrong with a backend. */
class BrokenBackendTest {
  private static Defect defect = Defect.NONE;

  /** Leaves out the rest of the contract when a test has found the defect. */
  static final class UntilItIsFound implements ExecutionCondition, TestWatcher {
    private static volatile boolean found;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return found && defect != Defect.NONE
          ? ConditionEvaluationResult.disabled("the defect has been found")
          : ConditionEvaluationResult.enabled("it has not been found");
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
      found = true;
    }
  }

  /** A backend with one defect. */
  @ExtendWith(UntilItIsFound.class)
  static class Broken extends StoreContract {

    @Override
    protected String url() {
      return "nadb:broken:{dir}";
    }

    @Override
    protected HarnessSettings settings() {
      return HarnessSettings.DEFAULT.withDriver(new BrokenDriver(defect));
    }
  }

  private static EngineExecutionResults run(Class<?> contract) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(contract)).execute();
  }

  private static List<String> failures(Class<?> contract) {
    return run(contract).testEvents().failed().stream()
        .map(event -> event.getTestDescriptor().getDisplayName())
        .toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyDefectIsFound(Defect one) {
    defect = one;
    UntilItIsFound.found = false;
    assertThat(failures(Broken.class)).as("tests that fail because of %s", one).isNotEmpty();
  }

  @Test
  void aBackendWithoutDefectsPasses() {
    defect = Defect.NONE;
    assertThat(failures(Broken.class)).isEmpty();
    assertThat(Defect.values()).hasSizeGreaterThan(10);
  }

  /** A backend that claims little. */
  static class Modest extends Broken {

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.noneOf(Capability.class);
    }
  }

  @Test
  void aMissingCapabilityIsASkipThatSaysWhy() {
    defect = Defect.NONE;
    EngineExecutionResults results = run(Modest.class);

    assertThat(results.testEvents().failed().count()).isZero();
    assertThat(results.testEvents().succeeded().count()).isGreaterThan(10);
    assertThat(
            results.testEvents().aborted().stream()
                .map(BrokenBackendTest::reason)
                .filter(text -> text.endsWith("does not declare the capability TTL")))
        .hasSizeGreaterThan(4);
  }

  private static String reason(org.junit.platform.testkit.engine.Event event) {
    return event
        .getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
        .getThrowable()
        .map(Throwable::getMessage)
        .orElse("");
  }

  /** A backend whose author has switched off what it claims. */
  static class SwitchedOff extends Broken {
    @Override
    @Test
    @Disabled
    public void aTransactionAndAChangeAreMadeWhileNothingCanBeFlushed() {}
  }

  @Test
  void aCapabilityOfWhichNoTestRunsIsAFailure() {
    defect = Defect.NONE;
    assertThat(failures(SwitchedOff.class)).containsExactly("everyDeclaredCapabilityIsTested()");
  }
}
