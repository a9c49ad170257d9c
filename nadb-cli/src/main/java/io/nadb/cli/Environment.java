package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a command has around it.
 *
 * @param in what is typed or piped in
 * @param out where the outcome goes, and nothing else
 * @param err where all else goes that is to be told
 * @param screen whether somebody looks at these
 * @param registry opens stores
 * @param time tells what time it is
 * @param zone how times are read and shown
 * @param open the store that is open already: in the shell
 */
record Environment(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Screen screen,
    StoreRegistry registry,
    TimeSource time,
    ZoneId zone,
    Optional<KeyValueStore> open) {

  /** The same, with a store that is open. */
  Environment with(KeyValueStore store) {
    return new Environment(in, out, err, screen, registry, time, zone, Optional.of(store));
  }

  /** Tells something that is not the outcome. */
  void note(String text) {
    err.println(text);
    err.flush();
  }
}
