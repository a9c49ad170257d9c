package io.nadb.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.spi.StorageIo;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a power cut leaves of a disk: what was made sure, and of the rest what the fates say. */
class SimulatedDiskTest {
  @TempDir Path directory;
  private final SimulatedDisk disk = SimulatedDisk.withoutRecord();

  private StorageIo.Output create(String name) throws IOException {
    return disk.create(directory.resolve(name), 0);
  }

  private static void write(StorageIo.Output output, String text) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    output.write(bytes, 0, bytes.length);
  }

  private void losePower(Function<Path, Fate> fates) throws IOException {
    disk.losePower(fates, new Random(1));
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  @Test
  void whatWasSyncedStaysAndWhatWasNotGoes() throws IOException {
    StorageIo.Output output = create("a");
    write(output, "sure");
    output.sync();
    write(output, "unsure");
    disk.syncDirectory(directory);
    output.close();
    losePower(file -> Fate.LOST);

    assertThat(file("a")).hasContent("sure");
  }

  @Test
  void closingAFileSyncsNothing() throws IOException {
    StorageIo.Output output = create("a");
    disk.syncDirectory(directory);
    write(output, "unsure");
    output.close();
    losePower(file -> Fate.LOST);

    assertThat(file("a")).isEmptyFile();
  }

  @Test
  void aSyncOfAFileSaysNothingOfItsName() throws IOException {
    StorageIo.Output output = create("a");
    write(output, "sure");
    output.sync();
    output.close();
    losePower(file -> Fate.LOST);

    assertThat(file("a")).doesNotExist();
  }

  @Test
  void aDirectoryIsThereOnceItsParentWasSynced() throws IOException {
    disk.createDirectory(file("sure"));
    disk.syncDirectory(directory);
    disk.createDirectory(file("unsure"));
    for (String name : new String[] {"sure/a", "unsure/a"}) {
      try (StorageIo.Output output = create(name)) {
        write(output, "content");
        output.sync();
      }
    }
    disk.syncDirectory(file("sure"));
    disk.syncDirectory(file("unsure"));
    losePower(file -> Fate.LOST);

    assertThat(file("sure/a")).hasContent("content");
    assertThat(file("unsure")).doesNotExist();
  }

  @Test
  void aLaterSyncDoesNotMakeSureWhatAFailedOneShouldHave() throws IOException {
    StorageIo.Output output = create("a");
    disk.syncDirectory(directory);
    write(output, "sure");
    output.sync();
    write(output, "unsure for ever");
    disk.failing(index -> Fault.REFUSED);
    assertThatThrownBy(output::sync).isInstanceOf(IOException.class);
    disk.heal();
    output.sync();
    output.close();
    losePower(file -> Fate.LOST);

    assertThat(file("a")).hasContent("sure");
  }

  @Test
  void whatIsWrittenOnceMoreAfterAFailedSyncIsMadeSureByTheNext() throws IOException {
    StorageIo.Output output = create("a");
    disk.syncDirectory(directory);
    write(output, "text");
    disk.failing(index -> Fault.REFUSED);
    assertThatThrownBy(output::sync).isInstanceOf(IOException.class);
    disk.heal();
    output.close();
    try (StorageIo.Output again = disk.rewrite(file("a"), 0, 4)) {
      write(again, "text");
      again.sync();
    }
    losePower(file -> Fate.LOST);

    assertThat(file("a")).hasContent("text");
  }

  @Test
  void eachFileHasAMomentOfItsOwn() throws IOException {
    for (String name : new String[] {"lost", "kept"}) {
      try (StorageIo.Output output = create(name)) {
        write(output, "sure");
        output.sync();
        write(output, ", later");
      }
    }
    disk.syncDirectory(directory);
    losePower(file -> file.endsWith("kept") ? Fate.KEPT : Fate.LOST);

    assertThat(file("lost")).hasContent("sure");
    assertThat(file("kept")).hasContent("sure, later");
  }

  @Test
  void deletionsAndRenamesAreUndoneUntilTheirDirectoryIsSynced() throws IOException {
    for (String name : new String[] {"deleted", "old", "replaced"}) {
      try (StorageIo.Output output = create(name)) {
        write(output, name);
        output.sync();
      }
    }
    disk.syncDirectory(directory);
    disk.delete(file("deleted"));
    disk.rename(file("old"), file("replaced"));
    losePower(file -> Fate.LOST);
    assertThat(file("deleted")).hasContent("deleted");
    assertThat(file("old")).hasContent("old");
    assertThat(file("replaced")).hasContent("replaced");

    disk.delete(file("deleted"));
    disk.rename(file("old"), file("replaced"));
    disk.syncDirectory(directory);
    losePower(file -> Fate.LOST);
    assertThat(file("deleted")).doesNotExist();
    assertThat(file("old")).doesNotExist();
    assertThat(file("replaced")).hasContent("old");
  }

  /** A directory's own name does not depend on what is done below it. */
  @Test
  void whatIsDoneBelowARenamedDirectoryMayBeKeptWhereTheRenameIsNot() throws IOException {
    CrashImage image = new CrashImage(new SimulatedDisk(directory));
    SimulatedDisk recording = new SimulatedDisk(directory);
    recording.createDirectory(file("a"));
    recording.syncDirectory(directory);
    StorageIo.Output output = recording.create(file("a/x"), 0);
    write(output, "x");
    output.sync();
    output.close();
    recording.syncDirectory(file("a"));
    recording.rename(file("a"), file("b"));
    recording.delete(file("b/x"));
    recording.create(file("b/y"), 0).close();
    image.advance(recording.operations(), recording.count());

    assertThat(namesOf(image, name -> name.equals(file("b")) ? Fate.LOST : Fate.KEPT))
        .containsExactly(file("a/y"));
    assertThat(namesOf(image, name -> Fate.KEPT)).containsExactly(file("b/y"));
    assertThat(namesOf(image, name -> Fate.LOST)).containsExactly(file("a/x"));
    recording.syncDirectory(file("b"));
    image.advance(recording.operations(), recording.count());
    assertThat(namesOf(image, name -> Fate.LOST)).containsExactly(file("a/y"));
  }

  @Test
  void aDirectoryWhoseNameIsNotSureIsNotSureBelowARenamedOneEither() throws IOException {
    CrashImage image = new CrashImage(new SimulatedDisk(directory));
    SimulatedDisk recording = new SimulatedDisk(directory);
    recording.createDirectory(file("a"));
    recording.createDirectory(file("a/sub"));
    recording.create(file("a/sub/x"), 0).close();
    recording.syncDirectory(file("a/sub"));
    recording.rename(file("a"), file("b"));
    image.advance(recording.operations(), recording.count());
    assertThat(namesOf(image, name -> name.endsWith("sub") ? Fate.LOST : Fate.KEPT)).isEmpty();
    recording.syncDirectory(directory);
    image.advance(recording.operations(), recording.count());
    assertThat(namesOf(image, name -> Fate.LOST)).isEmpty();

    recording.syncDirectory(file("b"));
    image.advance(recording.operations(), recording.count());
    assertThat(namesOf(image, name -> Fate.LOST)).containsExactly(file("b/sub/x"));
  }

  private static Set<Path> namesOf(CrashImage image, Function<Path, Fate> fates) {
    return image.leave(fates, new Random(1)).names();
  }

  @Test
  void whatAKilledProcessLeftUnsureIsUnsureInTheNext() throws IOException {
    StorageIo.Output output = create("a");
    disk.syncDirectory(directory);
    write(output, "written");
    disk.kill();
    assertThatThrownBy(output::sync).hasMessageContaining("killed");
    output.close();
    disk.restart();
    assertThat(file("a")).hasContent("written");
    losePower(file -> Fate.LOST);

    assertThat(file("a")).isEmptyFile();
  }

  @Test
  void aFileThatSomebodyElseMadeIsSureAsItWasFound() throws IOException {
    Files.writeString(file("a"), "found");
    try (StorageIo.Output output = disk.open(file("a"), 5, 5)) {
      write(output, " and more");
    }
    losePower(file -> Fate.LOST);

    assertThat(file("a")).hasContent("found");
  }

  @Test
  void theZerosOfAFileThatWasMadeLongComeBackAsFarAsTheyMatter() throws IOException {
    try (StorageIo.Output output = disk.create(file("a"), 1 << 20)) {
      write(output, "text");
      output.sync();
    }
    disk.syncDirectory(directory);
    losePower(file -> Fate.LOST);

    assertThat(Files.size(file("a"))).isEqualTo(4 + 8192);
  }

  @Test
  void whatAllHasBecomeSureOfIsThere() throws IOException {
    try (StorageIo.Output output = create("a")) {
      write(output, "text");
    }
    disk.becomeSure();
    losePower(file -> Fate.LOST);

    assertThat(file("a")).hasContent("text");
  }
}
