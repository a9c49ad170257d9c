package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.backup.Backup;
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
    try (ProgressBar progress = ProgressBar.begin(environment(), "verify")) {
      if (directory.isPresent() && Files.isDirectory(directory.get())) {
        Optional<Backup> itself = BackupPlace.at(directory.get(), progress);
        List<Backup> backups =
            itself
                .map(List::of)
                .orElseGet(() -> Backups.at(directory.get()).reporting(progress).list());
        if (!backups.isEmpty()) {
          return verify(backups, progress).code();
        }
      }
      try (KeyValueStore opened = store().openToRead(environment())) {
        StoreCheck.Result result = StoreCheck.of(opened).reporting(progress).run();
        progress.end();
        tell(opened.url(), result.bytes(), result.sequence());
      }
    }
    return ExitCode.DONE.code();
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    throw new IllegalStateException("a backup is not opened");
  }

  private ExitCode verify(List<Backup> backups, ProgressBar progress) {
    ExitCode exit = ExitCode.DONE;
    for (Backup backup : backups) {
      try {
        backup.verify();
        progress.end();
        tell(backup.directory().toString(), backup.size(), backup.sequence());
      } catch (RuntimeException e) {
        progress.end();
        Failures.tell(e, environment().err());
        exit = Failures.exit(e);
      }
    }
    return exit;
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
