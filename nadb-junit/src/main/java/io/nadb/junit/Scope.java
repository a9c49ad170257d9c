package io.nadb.junit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.KeyValueStore;
import io.nadb.testkit.HarnessSettings;
import io.nadb.testkit.NadbHarness;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The harnesses of one test, or of one class, by the word that their stores share.
 *
 * <p>They end after the test or the class. If JUnit does not get so far, because an instance could
 * not be made, they end with the context that this is stored in: JUnit before 5.13 closes only what
 * is a {@code CloseableResource}, a later one what is {@code AutoCloseable}.
 */
@SuppressWarnings("deprecation")
final class Scope implements ExtensionContext.Store.CloseableResource, AutoCloseable {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Scope.class);

  private final ExtensionContext context;
  private final HarnessSettings settings;

  @GuardedBy("this")
  private final Map<String, NadbHarness> harnesses = new TreeMap<>();

  @GuardedBy("this")
  private final Map<Object, Opened> stores = new HashMap<>();

  @GuardedBy("this")
  private Keep keep = Keep.NEVER;

  @GuardedBy("this")
  private boolean failed;

  /** A store that has been opened for a declaration. */
  private record Opened(NadbStore annotation, KeyValueStore store) {}

  private Scope(ExtensionContext context, HarnessSettings settings) {
    this.context = context;
    this.settings = settings;
  }

  /** The scope of a test or a class, made if there is none. */
  static Scope of(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            context.getUniqueId(), id -> new Scope(context, Settings.of(context)), Scope.class);
  }

  /** The scope of a test or a class, if there is one. */
  static @Nullable Scope find(ExtensionContext context) {
    return context.getStore(NAMESPACE).get(context.getUniqueId(), Scope.class);
  }

  /** The words that tell its harnesses apart. */
  synchronized Set<String> groups() {
    return new TreeSet<>(harnesses.keySet());
  }

  /** What a declaration wants. */
  synchronized Object resolve(Declaration declaration) {
    NadbStore annotation = declaration.annotation();
    NadbHarness harness = harness(annotation.group(), annotation);
    if (annotation.keep().compareTo(keep) > 0) {
      keep = annotation.keep();
    }
    return Declaration.isPart(declaration.type())
        ? Declaration.part(declaration.type(), harness)
        : store(declaration, harness);
  }

  /** The harness of a group, made if there is none. */
  synchronized NadbHarness harness(String group) {
    keep = keep == Keep.NEVER ? Keep.ON_FAILURE : keep;
    return make(group, settings);
  }

  @GuardedBy("this")
  private NadbHarness make(String group, HarnessSettings own) {
    return harnesses.computeIfAbsent(
        group, name -> NadbHarness.create(Seeds.seeded(own, context, group)));
  }

  @GuardedBy("this")
  private NadbHarness harness(String group, NadbStore annotation) {
    String url = annotation.value();
    HarnessSettings own = url.isEmpty() ? settings : settings.withUrl(url);
    NadbHarness harness = make(group, own);
    harness.without(annotation.lenient());
    return harness;
  }

  @GuardedBy("this")
  private KeyValueStore store(Declaration declaration, NadbHarness harness) {
    NadbStore wanted = declaration.annotation();
    Opened opened = stores.get(declaration.key());
    if (opened == null) {
      String url = wanted.value().isEmpty() ? settings.url() : wanted.value();
      opened = new Opened(wanted, harness.open(url, wanted.with()));
      stores.put(declaration.key(), opened);
    } else if (!same(opened.annotation, wanted)) {
      throw new ExtensionConfigurationException(
          "two declarations of the store named ["
              + wanted.name()
              + "] differ: "
              + opened.annotation
              + " and "
              + wanted);
    }
    return opened.store;
  }

  private static boolean same(NadbStore one, NadbStore two) {
    return one.value().equals(two.value())
        && Arrays.equals(one.with(), two.with())
        && one.group().equals(two.group());
  }

  /** Whether an object has been handed out as a store of this, or a part of one. */
  synchronized boolean gave(Object value) {
    return stores.values().stream().anyMatch(opened -> opened.store == value)
        || harnesses.values().stream().anyMatch(harness -> Declaration.isPartOf(value, harness));
  }

  /** A test that belongs to this has failed; its failure tells where to look. */
  synchronized void fail(Throwable failure) {
    failed = true;
    if (keep != Keep.NEVER) {
      harnesses.forEach(
          (group, harness) -> Diagnosis.tell(diagnosis(group, harness).promise(), failure));
    }
  }

  private Diagnosis diagnosis(String group, NadbHarness harness) {
    return new Diagnosis(
        context,
        group,
        harness,
        KeptDirectory.of(context, group),
        Seeds.argument(settings, context));
  }

  /**
   * Ends the harnesses, and keeps what they leave if it is to be kept. A second call does nothing.
   *
   * @throws AssertionError if the test has left something behind
   */
  @Override
  public void close() {
    Map<String, NadbHarness> ending;
    boolean keepAll;
    boolean told;
    synchronized (this) {
      ending = new TreeMap<>(harnesses);
      harnesses.clear();
      told = failed;
      keepAll =
          keep == Keep.ALWAYS
              || (keep == Keep.ON_FAILURE && (failed || Diagnosis.failureOf(context).isPresent()));
    }
    AssertionError failure = null;
    for (Map.Entry<String, NadbHarness> entry : ending.entrySet()) {
      NadbHarness harness = entry.getValue();
      Diagnosis diagnosis = diagnosis(entry.getKey(), harness);
      Throwable note = null;
      if (keepAll || (keeps() && !harness.check().isEmpty())) {
        note = diagnosis.publish();
      } else {
        diagnosis.kept().delete();
      }
      AssertionError own = end(harness);
      if (note != null && (own != null || !told)) {
        Diagnosis.tell(note, own != null ? own : Diagnosis.failureOf(context).orElse(null));
      }
      failure = merge(failure, own);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable AssertionError end(NadbHarness harness) {
    try {
      harness.close();
      return null;
    } catch (AssertionError e) {
      return e;
    }
  }

  private synchronized boolean keeps() {
    return keep != Keep.NEVER;
  }

  private static @Nullable AssertionError merge(
      @Nullable AssertionError first, @Nullable AssertionError next) {
    if (first == null || next == null) {
      return first == null ? next : first;
    }
    first.addSuppressed(next);
    return first;
  }
}
