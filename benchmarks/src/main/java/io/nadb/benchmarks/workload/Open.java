package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opening a filled store. */
final class Open implements Workload {
  private static final int LARGE_VALUE = 1 << 10;
  private static final Metric OPEN = new Metric("open", "ms", false);

  @Override
  public String name() {
    return "open";
  }

  @Override
  public String title() {
    return "Opening";
  }

  @Override
  public String description() {
    return "From the call that opens a filled store until its first get has returned: after a "
        + "clean close, and after the process that filled it died right after a flush and another "
        + "half megabyte of sets. A new store was opened and closed before in the same JVM, so "
        + "that loading of classes and native libraries is not part of it.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    List<Variant> variants = new ArrayList<>();
    for (int killed = 0; killed <= 1; killed++) {
      String after = killed == 1 ? "killed, " : "closed, ";
      Variant usual = Variant.ofKeys(scale.keys()).withAmount(killed);
      variants.add(usual.named(after + usual.label()));
      if (!scale.isBrief()) {
        variants.add(usual.named(after + usual.label() + " of 1 KB").withValueBytes(LARGE_VALUE));
      }
      if (scale.big() > scale.keys()) {
        Variant big = Variant.ofKeys(scale.big()).withAmount(killed);
        variants.add(big.named(after + big.label()));
      }
    }
    return variants;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(OPEN);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.isDurable() && !kind.isVariant();
  }

  @Override
  public Optional<Template> template(Variant variant) {
    Template template = Template.of(variant);
    return Optional.of(variant.amount() == 1 ? template.asKilled() : template);
  }

  @Override
  public void run(Trial trial) throws Exception {
    try (Store store = trial.openSpare("open", Discipline.PER_MEGABYTE)) {
      store.set(Keys.of(0), trial.values().of(0, 0));
      store.flush();
      store.get(Keys.of(0));
    }
    Meter meter = new Meter();
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      byte[] value = store.get(Keys.of(1));
      trial.report(OPEN, meter.nanos() / 1e6);
      if (value == null) {
        throw new IllegalStateException(trial.kind().label() + " has lost " + Keys.of(1));
      }
      trial.verify(store, trial.variant().keys(), 1009);
    }
  }
}
