package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.HistoryLostException;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.backup.Backup;
import io.nadb.backup.Backups;
import io.nadb.backup.Retention;
import io.nadb.proof.ModelWorld.Boundary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Backups of a modelled store, and of those that were restored of them, and what they must have.
 */
final class ModelBackups {
  private final ModelWorld world;

  /** Those that must be there, the earliest first. */
  private final List<Made> made = new ArrayList<>();

  /** Those whose deletion was begun. */
  private final Set<String> deleting = new HashSet<>();

  /** What is being restored; null if nothing is. */
  private @Nullable Restored restoring;

  private boolean creating;
  private int targets;
  private int earlier;
  private int halves;
  int restored;

  /** A backup, and which flushes it knows of. */
  private record Made(String name, NavigableMap<Long, Boundary> boundaries, Instant time) {
    StoreModel model() {
      return boundaries.lastEntry().getValue().model();
    }
  }

  /** Where something is restored to, and which flushes of it. */
  private record Restored(String name, NavigableMap<Long, Boundary> boundaries) {
    StoreModel model() {
      return boundaries.lastEntry().getValue().model();
    }
  }

  ModelBackups(ModelWorld world) {
    this.world = world;
  }

  private Backups backups() {
    return Backups.at(world.root().resolve("backups"), world.disk());
  }

  private static String name(Backup backup) {
    return String.valueOf(backup.directory().getFileName());
  }

  private Backup find(Made wanted) {
    return backups().list().stream()
        .filter(each -> name(each).equals(wanted.name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("backup " + wanted.name + " is gone"));
  }

  private Made any() {
    return made.get(world.random.nextInt(made.size()));
  }

  void create() {
    world.flushes();
    creating = true;
    Backup backup =
        world.random.nextInt(4) == 0
            ? backups().createFull(world.store())
            : backups().create(world.store());
    creating = false;
    world.flushed();
    assertThat(backup.sequence()).isEqualTo(world.store().durableSequence());
    add(backup);
  }

  private void add(Backup backup) {
    made.add(
        new Made(
            name(backup),
            new TreeMap<>(world.boundaries().headMap(backup.sequence(), true)),
            backup.time()));
    assertThat(made.get(made.size() - 1).boundaries.lastKey()).isEqualTo(backup.sequence());
  }

  void check() {
    if (!made.isEmpty()) {
      check(any());
    }
  }

  private void check(Made one) {
    Backup backup = find(one);
    backup.verify();
    try (StoreRegistry readers = StoreRegistry.create(world.time);
        KeyValueStore store = readers.open("nadb:fs:" + backup.directory() + "?access=read")) {
      world.compare(store, one.model(), "backup " + one.name);
    }
  }

  void checkAll() {
    assertThat(backups().list().stream().map(ModelBackups::name))
        .containsExactlyElementsOf(made.stream().map(Made::name).toList());
    made.forEach(this::check);
  }

  void prune() {
    int last = 1 + world.random.nextInt(3);
    List<Made> gone = List.copyOf(made.subList(0, Math.max(0, made.size() - last)));
    gone.forEach(each -> deleting.add(each.name));
    assertThat(backups().prune(Retention.last(last)).stream().map(ModelBackups::name))
        .containsExactlyElementsOf(gone.stream().map(Made::name).toList());
    made.removeAll(gone);
    deleting.clear();
  }

  void restore() {
    Restored target = restoreAny();
    if (target != null) {
      check(target);
    }
  }

  /** Restores all of a backup, or what it had at an earlier moment. */
  private @Nullable Restored restoreAny() {
    if (made.isEmpty()) {
      return null;
    }
    Made one = any();
    NavigableMap<Long, Boundary> known = one.boundaries;
    Instant moment = null;
    if (world.random.nextBoolean()) {
      List<Boundary> all = List.copyOf(known.values());
      moment = all.get(world.random.nextInt(all.size())).time();
      known = upTo(moment, known);
    }
    String name = "restored" + targets++;
    restoring = new Restored(name, known);
    Path target = world.root().resolve(name);
    try {
      if (moment == null) {
        find(one).restore(target);
      } else {
        find(one).restore(target, moment);
      }
    } catch (HistoryLostException e) {
      restoring = null;
      boolean old = moment != null && !moment.isAfter(one.time.minus(ModelWorld.WINDOW));
      assertThat(old || known.lastKey() == 0)
          .as("%s of %s: %s", moment, one.name, e.getMessage())
          .isTrue();
      assertThat(target).doesNotExist();
      return null;
    }
    Restored done = restoring;
    restoring = null;
    restored++;
    earlier += moment == null ? 0 : 1;
    return done;
  }

  private static NavigableMap<Long, Boundary> upTo(
      Instant moment, NavigableMap<Long, Boundary> known) {
    NavigableMap<Long, Boundary> earlier = new TreeMap<>(known);
    earlier.values().removeIf(each -> each.time().isAfter(moment));
    return earlier;
  }

  private void check(Restored target) {
    try (StoreRegistry readers = StoreRegistry.create(world.time);
        KeyValueStore store =
            readers.open("nadb:fs:" + world.root().resolve(target.name) + "?access=read")) {
      world.compare(store, target.model(), target.name);
    }
  }

  /** Backups of it go to where those are of the store that it was made of. */
  void goOnWithARestoredStore() {
    Restored target = restoreAny();
    if (target != null) {
      world.moveTo(target.name, target.model(), target.boundaries);
    }
  }

  /** All that had been made is there, and what was being made is there whole or not at all. */
  void afterCrash() {
    halves += creating || restoring != null || !deleting.isEmpty() ? 1 : 0;
    List<Backup> found = backups().list();
    List<String> names = found.stream().map(ModelBackups::name).toList();
    made.removeIf(each -> deleting.contains(each.name) && !names.contains(each.name));
    deleting.clear();
    assertThat(names).containsAll(made.stream().map(Made::name).toList());
    for (Backup backup : found) {
      if (made.stream().noneMatch(each -> each.name.equals(name(backup)))) {
        assertThat(creating).as("who has made %s?", backup).isTrue();
        creating = false;
        add(backup);
      }
    }
    creating = false;
    made.forEach(this::check);
    Restored target = restoring;
    restoring = null;
    if (target != null && Files.exists(world.root().resolve(target.name))) {
      check(target);
    }
  }

  @Override
  public String toString() {
    return "restored "
        + restored
        + ", as of earlier "
        + earlier
        + ", interrupted backups, restores and prunings "
        + halves;
  }
}
