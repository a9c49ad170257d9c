package io.nadb.cli;

import io.nadb.CorruptStoreException;
import io.nadb.backup.Backup;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.cli.text.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes backups: as rows of a table, as JSON, or their directories alone. */
final class BackupForm {

  private BackupForm() {}

  static void write(List<Backup> backups, Environment environment, OutputChoice output) {
    TextTable table =
        OutputChoice.table(environment)
            .left("BACKUP")
            .left("MADE")
            .right("SEQUENCE")
            .right("SIZE")
            .right("NEW");
    for (Backup backup : backups) {
      if (output.json()) {
        environment.out().println(JsonText.of(json(backup)));
      } else if (output.raw()) {
        environment.out().println(backup.directory());
      } else {
        table.row(cells(backup, environment));
      }
    }
    table.end();
  }

  private static String[] cells(Backup backup, Environment environment) {
    String directory = backup.directory().toString();
    try {
      return new String[] {
        directory,
        Amounts.time(backup.time(), environment.zone()),
        Long.toString(backup.sequence()),
        Amounts.size(backup.size()),
        Amounts.size(backup.newBytes())
      };
    } catch (CorruptStoreException e) {
      environment.note("nadb: " + e.getMessage());
      return new String[] {directory, "damaged", "", "", ""};
    }
  }

  private static Map<String, Object> json(Backup backup) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("directory", backup.directory().toString());
    try {
      json.put("time", backup.time());
      json.put("sequence", backup.sequence());
      json.put("size", backup.size());
      json.put("newBytes", backup.newBytes());
    } catch (CorruptStoreException e) {
      json.put("damage", e.getMessage());
    }
    return json;
  }
}
