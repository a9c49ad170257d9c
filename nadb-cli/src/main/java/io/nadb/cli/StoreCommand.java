package io.nadb.cli;

import io.nadb.KeyValueStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that is about one store. */
@Command(
    mixinStandardHelpOptions = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nParameters:%n")
abstract class StoreCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin private final StoreChoice store = new StoreChoice();
  @Mixin private final OutputChoice output = new OutputChoice();

  StoreCommand(Environment environment) {
    this.environment = environment;
  }

  /** What is around it. */
  final Environment environment() {
    return environment;
  }

  final StoreChoice store() {
    return store;
  }

  final OutputChoice output() {
    return output;
  }

  /** Whether it changes the store. */
  boolean isWriting() {
    return false;
  }

  @Override
  public Integer call() {
    try (KeyValueStore opened =
        isWriting() ? store.openToWrite(environment) : store.openToRead(environment)) {
      return run(opened).code();
    }
  }

  /** Does it. */
  abstract ExitCode run(KeyValueStore opened);
}
