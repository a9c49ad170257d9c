package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.maintenance.Compaction;
import io.nadb.maintenance.CompactionResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code nadb compact}: gives back the space of what is not current any more. */
@Command(
    name = "compact",
    description = {
      "Rewrites all files of a store that hold anything that was overwritten, deleted or removed,"
          + " and ends when that is done.",
      "A store does so by itself when half of a file is garbage. What the option 'history' keeps"
          + " stays."
    })
final class CompactCommand extends StoreCommand {

  CompactCommand(Environment environment) {
    super(environment);
  }

  @Override
  boolean isWriting() {
    return true;
  }

  @Override
  public Integer call() {
    Optional<Path> directory = store().directory();
    if (environment().open().isEmpty() && directory.filter(Files::notExists).isPresent()) {
      throw new CommandException(ExitCode.NOT_FOUND, "there is no store at " + directory.get());
    }
    return super.call();
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    try (ProgressBar progress = ProgressBar.begin(environment(), "compact")) {
      CompactionResult result = Compaction.of(opened).reporting(progress).run();
      progress.end();
      tell(result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(
          ExitCode.STOPPED, "stopped by Ctrl-C; what has been rewritten by then stays so");
    }
    return ExitCode.DONE;
  }

  private void tell(CompactionResult result) {
    if (output().json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("bytesBefore", result.bytesBefore());
      json.put("bytesAfter", result.bytesAfter());
      json.put("segmentsBefore", result.segmentsBefore());
      json.put("segmentsAfter", result.segmentsAfter());
      json.put("rewritten", result.rewritten());
      json.put("millis", result.duration().toMillis());
      json.put("heldByHistory", result.heldByHistory());
      json.put("heldByFeeds", result.heldByFeeds());
      json.put("heldBySnapshots", result.heldBySnapshots());
      environment().out().println(JsonText.of(json));
    } else {
      environment()
          .out()
          .println(
              Amounts.size(result.bytesBefore())
                  + " in "
                  + result.segmentsBefore()
                  + (result.segmentsBefore() == 1 ? " file before, " : " files before, ")
                  + Amounts.size(result.bytesAfter())
                  + " in "
                  + result.segmentsAfter()
                  + " now; "
                  + result.rewritten()
                  + " rewritten in "
                  + Amounts.duration(result.duration()));
      held(result.heldByHistory(), "since the option 'history' keeps what they have");
      held(result.heldByFeeds(), "since feeds of changes are open that have not done with them");
      held(result.heldBySnapshots(), "until the snapshots are closed that are open");
    }
    environment().out().flush();
  }

  private void held(long bytes, String why) {
    if (bytes > 0) {
      environment().note("nadb: " + Amounts.size(bytes) + " could not be given back, " + why);
    }
  }
}
