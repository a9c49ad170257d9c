package io.nadb.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What tests have happen between a read and what follows it. */
final class Interleavings {
  private final Ledger ledger;
  private final List<Interleaving> placed = new CopyOnWriteArrayList<>();

  Interleavings(Ledger ledger) {
    this.ledger = ledger;
  }

  private record Interleaving(String key, Runnable action) {}

  void place(String key, Runnable action) {
    placed.add(new Interleaving(key, action));
  }

  /** A key has been read: what was placed there first happens now. */
  void read(String key) {
    Optional<Interleaving> first = placed.stream().filter(it -> it.key.equals(key)).findFirst();
    if (first.isPresent() && placed.remove(first.get())) {
      ledger.add("between the read of " + Text.quote(key) + " and what follows:");
      first.get().action.run();
    }
  }

  /** Describes what never happened. */
  List<String> pending() {
    List<String> pending = new ArrayList<>();
    placed.forEach(each -> pending.add("after the read of " + Text.quote(each.key)));
    return pending;
  }
}
