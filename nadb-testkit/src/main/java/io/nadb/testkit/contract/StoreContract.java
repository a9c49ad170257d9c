package io.nadb.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import java.lang.reflect.Method;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * The contract of a store, as tests that the author of a backend runs by extending this class:
 *
 * <pre>{@code
 * class MyBackendTest extends StoreContract {
 *   @Override
 *   protected String url() {
 *     return "nadb:mine:{dir}";
 *   }
 *
 *   @Override
 *   protected Set<Capability> capabilities() {
 *     return EnumSet.of(Capability.TTL, Capability.TAGS, Capability.BUFFER);
 *   }
 * }
 * }</pre>
 *
 * <p>All tests are run on virtual time. A test that needs a capability that is not declared is
 * skipped, and says so; a declared capability without a test that runs is a failure.
 *
 * @since 0.1.0
 */
public abstract class StoreContract
    implements EntryContract,
        SetContract,
        AtomicContract,
        ComputeContract,
        CounterContract,
        TransactionContract,
        ConflictContract,
        RepetitionContract,
        ContentionContract,
        SeparateTransactionsContract,
        CreationContract,
        ListingContract,
        ManyKeysContract,
        NamespaceContract,
        TagContract,
        QueryContract,
        PageContract,
        TtlContract,
        SweepContract,
        SnapshotContract,
        HistoryContract,
        LocationContract,
        RemovalContract,
        ListenerContract,
        BadInputContract,
        BufferContract,
        FlushContract,
        DurabilityContract,
        SurvivalContract {
  private @Nullable NadbHarness harness;
  private @Nullable KeyValueStore store;

  /** For subclasses. */
  protected StoreContract() {}

  /**
   * The URL of a store, without options; <code>{dir}</code> in it stands for a place that no other
   * store has.
   */
  protected abstract String url();

  /** What the backend can do; everything, unless a subclass says otherwise. */
  protected Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  /**
   * Whether the tests make the calls that {@link io.nadb.AsyncKeyValueStore} has through it, and
   * wait for each; not, unless a subclass says otherwise.
   */
  protected boolean callsAsynchronously() {
    return false;
  }

  /** What the harness is to be like; with a driver that no service file names, for example. */
  protected HarnessSettings settings() {
    return HarnessSettings.DEFAULT;
  }

  @BeforeEach
  final void create(TestInfo test) {
    Requires needed =
        test.getTestMethod().map(method -> method.getAnnotation(Requires.class)).orElse(null);
    if (needed != null) {
      for (Capability capability : needed.value()) {
        Assumptions.assumeTrue(
            can(capability),
            () -> getClass().getName() + " does not declare the capability " + capability);
      }
    }
    harness = NadbHarness.create(settings());
  }

  @AfterEach
  final void end() {
    NadbHarness ending = harness;
    if (ending != null) {
      ending.close();
    }
  }

  @Override
  public final NadbHarness harness() {
    NadbHarness present = harness;
    if (present == null) {
      throw new IllegalStateException("there is a harness only while a test runs");
    }
    return present;
  }

  @Override
  public final KeyValueStore open(String... options) {
    return called(harness().open(url(), options));
  }

  @Override
  public final KeyValueStore openNamespace(KeyValueStore store, String namespace) {
    return called(harness().open(urlOf(store), "namespace=" + encoded(namespace)));
  }

  @Override
  public final KeyValueStore openDatabase(String name) {
    return called(harness().open(urlOf(store()), "db=" + encoded(name)));
  }

  private KeyValueStore called(KeyValueStore opened) {
    return callsAsynchronously() ? JoinedCalls.before(opened) : opened;
  }

  @Override
  public final String urlOf(KeyValueStore opened) {
    return harness().urlOf(JoinedCalls.behind(opened));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, UTF_8).replace("+", "%20");
  }

  @Override
  public final boolean can(Capability capability) {
    return capabilities().contains(capability);
  }

  @Override
  public final KeyValueStore store() {
    KeyValueStore present = store;
    if (present == null) {
      present = open("flush=off", "sweep=off");
      store = present;
    }
    return present;
  }

  @Override
  public final void begin() {
    store = null;
  }

  @Test
  final void everyDeclaredCapabilityIsTested() {
    List<Capability> untested = new ArrayList<>(capabilities());
    untested.removeIf(this::isTested);

    assertThat(untested)
        .as(
            "capabilities that %s declares, while all tests of them are overridden or disabled",
            getClass().getName())
        .isEmpty();
  }

  /**
   * The tests that need any of these capabilities, and so are skipped for a backend that does not
   * declare them: for whoever checks that nothing else is skipped.
   *
   * @return their names as JUnit displays them
   */
  public static List<String> testsThatNeed(Capability... capabilities) {
    List<Capability> any = List.of(capabilities);
    return Arrays.stream(StoreContract.class.getMethods())
        .filter(method -> any.stream().anyMatch(capability -> requires(method, capability)))
        .map(method -> method.getName() + "()")
        .sorted()
        .toList();
  }

  private boolean isTested(Capability capability) {
    return Arrays.stream(getClass().getMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> !method.isAnnotationPresent(Disabled.class))
        .anyMatch(method -> requires(method, capability));
  }

  private static boolean requires(Method method, Capability capability) {
    Requires needed = method.getAnnotation(Requires.class);
    return needed != null && List.of(needed.value()).contains(capability);
  }
}
