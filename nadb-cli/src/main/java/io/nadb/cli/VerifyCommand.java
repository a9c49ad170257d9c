package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.backup.Backup;
import io.nadb.backup.BackupProgress;
import io.nadb.backup.Backups;
import io.nadb.backup.StoreCheck;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code nadb verify}: every byte of a store, or of backups. */
@Command(
    name = "verify",
    description = {
      "Checks every record and every cut of a store in files, or of a backup, or of all backups in a"
          + " directory.",
      "Changes nothing; a store may be in use, and is checked up to its last flush."
    })
final class VerifyCommand extends StoreCommand {

  VerifyCommand(Environment environment) {
    super(environment);
  }

  @Override
  public Integer call() {
    Optional<Path> directory = store().directory();
    if (directory.isPresent() && Files.isDirectory(directory.get())) {
      try (ProgressBar bar = bar()) {
        SeveralProgress progress = new SeveralProgress(bar);
        List<Backup> backups = backups(directory.get(), progress);
        if (!backups.isEmpty()) {
          return verify(backups, progress, bar).code();
        }
      }
    }
    try (KeyValueStore opened = store().openToRead(environment());
        ProgressBar bar = bar()) {
      StoreCheck.Result result = StoreCheck.of(opened).reporting(bar).run();
      bar.end();
      tell(opened.url(), result.bytes(), result.sequence());
    }
    return ExitCode.DONE.code();
  }

  private ProgressBar bar() {
    return ProgressBar.begin(environment(), "verify");
  }

  private static List<Backup> backups(Path directory, BackupProgress progress) {
    return BackupPlace.at(directory, progress)
        .map(List::of)
        .orElseGet(() -> Backups.at(directory).reporting(progress).list());
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    throw new IllegalStateException("a backup is not opened");
  }

  private ExitCode verify(List<Backup> backups, SeveralProgress progress, ProgressBar bar) {
    ExitCode exit = ExitCode.DONE;
    progress.begin(backups.stream().mapToLong(VerifyCommand::size).sum());
    for (Backup backup : backups) {
      try {
        backup.verify();
        bar.end();
        tell(backup.directory().toString(), backup.size(), backup.sequence());
      } catch (RuntimeException e) {
        bar.end();
        if (CtrlC.isPressed()) {
          throw e;
        }
        Failures.tell(e, environment().err());
        exit = Failures.exit(e);
      }
      progress.next(size(backup));
    }
    return exit;
  }

  /** How long one is; 0 if its own list of files is damaged, which its check will tell. */
  private static long size(Backup backup) {
    try {
      return backup.size();
    } catch (NadbException e) {
      return 0;
    }
  }

  private void tell(String what, long bytes, long sequence) {
    if (output().json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("sound", true);
      json.put("place", what);
      json.put("bytes", bytes);
      json.put("sequence", sequence);
      environment().out().println(JsonText.of(json));
    } else {
      environment()
          .out()
          .println(
              "sound: "
                  + what
                  + ", "
                  + Amounts.size(bytes)
                  + ", up to sequence number "
                  + sequence);
    }
    environment().out().flush();
  }
}
