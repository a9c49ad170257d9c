package io.nadb.samples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.SetOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  private static final long MAX_FILE_BYTES = 4 << 20;

  @TempDir Path temp;
  private final ByteArrayOutputStream account = new ByteArrayOutputStream();
  private Path folder;
  private Path directory;

  @BeforeEach
  void createFolder() throws Exception {
    folder = Files.createDirectories(temp.resolve("folder"));
    directory = temp.resolve("store 50%?");
  }

  @Test
  void storesAFolderAndGetsEveryByteBack() throws Exception {
    write("src/A.java", "class A {}".getBytes(UTF_8));
    write("src/B.java", "class B {}".getBytes(UTF_8));
    write("docs/read me.md", "# Read me".getBytes(UTF_8));
    write("docs/picture.PNG", new byte[] {1, 0, 2});
    write("empty", new byte[0]);
    byte[] big = new byte[3 << 20];
    new Random(1).nextBytes(big);
    write("big.bin", big);

    assertThat(run()).as(account()).isTrue();

    assertThat(account())
        .contains("done: 6 files, 3.0 MB")
        .contains("java AND folder:src: 2 entries")
        .contains("file:src/A.java  10 B")
        .contains("interval", "present", "expired")
        .contains("cleanupExpired() removed 1 entry")
        .contains("Every byte, tag and TTL is right.")
        .doesNotContain("left out", "WRONG");
  }

  @Test
  void leavesOutWhatItCannotStoreAndSaysSo() throws Exception {
    write("kept.txt", "kept".getBytes(UTF_8));
    write("target/classes/Left.class", new byte[] {1});
    write("huge.bin", new byte[(int) MAX_FILE_BYTES + 1]);
    Files.createSymbolicLink(folder.resolve("loop"), folder);

    assertThat(run()).as(account()).isTrue();

    assertThat(account())
        .contains("done: 1 file, 4 B")
        .contains("left out: 3")
        .contains("target (left out by its name)")
        .contains("huge.bin (4.0 MB, too big for this heap)")
        .contains("loop (symbolic link)");
  }

  @Test
  void takesAnEmptyFolder() throws Exception {
    assertThat(run()).as(account()).isTrue();

    assertThat(account()).contains("done: 0 files, 0 B").contains("is right");
  }

  @Test
  void refusesADirectoryThatHoldsSomething() throws Exception {
    Files.writeString(folder.resolve("precious.txt"), "precious");

    boolean well = Quickstart.runWith(List.of(folder.toString(), folder.toString()), stream());

    assertThat(well).isFalse();
    assertThat(account()).contains("is not empty; choose a new directory");
  }

  @Test
  void refusesAFolderThatDoesNotExist() throws Exception {
    String missing = folder.resolve("missing").toString();

    assertThat(Quickstart.runWith(List.of(missing), stream())).isFalse();

    assertThat(account()).contains("NoSuchFileException", missing);
  }

  @Test
  void verificationFindsWhatIsWrong() throws Exception {
    Path changed = write("changed.txt", "before".getBytes(UTF_8));
    StoredFile file = stored(changed, "before", Set.of("text"), false);
    StoredFile missing = stored(folder.resolve("missing"), "x", Set.of(), false);
    try (KeyValueStore store = NadbDriverManager.open("nadb:mem:verification")) {
      store.set(file.key(), "before".getBytes(UTF_8), SetOptions.tags("text"));
      assertThat(Verification.of(store, List.of(file)))
          .isEqualTo(new Verification(6, 0, List.of()));

      Files.writeString(changed, "after");
      assertThat(Verification.of(store, List.of(file)))
          .isEqualTo(new Verification(6, 1, List.of()));

      store.set(
          file.key(),
          "other".getBytes(UTF_8),
          SetOptions.tags("text", "java").withTtl(Duration.ofDays(1)));
      assertThat(Verification.of(store, List.of(file, missing)).wrong())
          .hasSize(5)
          .contains("1 files in the store instead of 2")
          .contains(file.key() + " has other bytes than were stored")
          .contains(file.key() + " has a TTL")
          .contains(missing.key() + " is missing");
    }
  }

  private static StoredFile stored(Path path, String content, Set<String> tags, boolean expires) {
    return new StoredFile(
        path,
        Quickstart.FILE_PREFIX + path.getFileName(),
        StoredFile.digest(content.getBytes(UTF_8)),
        tags,
        expires);
  }

  private Path write(String path, byte[] content) throws Exception {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private boolean run() throws Exception {
    Settings settings =
        new Settings(
            folder, directory, Duration.ofMillis(200), Duration.ofMillis(100), MAX_FILE_BYTES);
    return new Quickstart(settings, stream()).run();
  }

  private PrintStream stream() {
    return new PrintStream(account, true, UTF_8);
  }

  private String account() {
    return account.toString(UTF_8);
  }
}
