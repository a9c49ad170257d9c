package io.nadb.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** All commands by their names, in the order in which help lists them. */
final class Commands {
  private static final Map<String, Function<Environment, Object>> ALL = all();

  private Commands() {}

  private static Map<String, Function<Environment, Object>> all() {
    Map<String, Function<Environment, Object>> all = new LinkedHashMap<>();
    all.put("get", GetCommand::new);
    all.put("set", SetCommand::new);
    all.put("del", DelCommand::new);
    all.put("ls", LsCommand::new);
    all.put("query", QueryCommand::new);
    all.put("explain", ExplainCommand::new);
    all.put("tags", TagsCommand::new);
    all.put("log", LogCommand::new);
    all.put("watch", WatchCommand::new);
    all.put("sql", SqlCommand::new);
    all.put("stat", StatCommand::new);
    all.put("top", TopCommand::new);
    all.put("verify", VerifyCommand::new);
    all.put("backup", BackupCommand::new);
    all.put("backups", BackupsCommand::new);
    all.put("restore", RestoreCommand::new);
    all.put("prune", PruneCommand::new);
    all.put("copy", CopyCommand::new);
    all.put("compact", CompactCommand::new);
    all.put("autopsy", AutopsyCommand::new);
    all.put("repair", RepairCommand::new);
    all.put("shell", ShellCommand::new);
    all.put("completion", CompletionCommand::new);
    return all;
  }

  /** The commands, each made when it is asked for. */
  static Map<String, Function<Environment, Object>> byName() {
    return ALL;
  }

  /** Whether a command's first argument is a store, which the shell has. */
  static boolean isAboutAStore(String name, Environment environment) {
    Function<Environment, Object> make = ALL.get(name);
    return make != null && make.apply(environment) instanceof StoreCommand;
  }
}
