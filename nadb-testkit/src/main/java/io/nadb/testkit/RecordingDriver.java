package io.nadb.testkit;

import io.nadb.KeyValueStore;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ForwardingContext;
import io.nadb.spi.ForwardingDriver;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.NadbUrl;
import io.nadb.spi.Option;
import io.nadb.spi.StorageIo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A driver whose stores write down what they do, and whose backends fail as {@link Faults} say. */
final class RecordingDriver extends ForwardingDriver {
  private static final Option<String> NAMESPACE =
      Option.text("namespace", "default", "The namespace, as the common option has it.");

  /** The scheme of the stores that have a directory. */
  private static final String FILES = "fs";

  private final SimulatedProcess life;

  RecordingDriver(NadbDriver driver, SimulatedProcess life) {
    super(driver);
    this.life = life;
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    RecordingContext recording = new RecordingContext(context, life);
    KeyValueStore store = super.open(recording);
    DurabilityOracle location = recording.location;
    if (location == null) {
      return store; // It stands before another driver, which records.
    }
    return life.adopt(new RecordingStore(store, location, context.option(NAMESPACE), life));
  }

  private static final class RecordingContext extends ForwardingContext {
    private final SimulatedProcess life;
    private @Nullable DurabilityOracle location;

    RecordingContext(DriverContext real, SimulatedProcess life) {
      super(real);
      this.life = life;
    }

    @Override
    public NadbUrl url() {
      NadbUrl url = super.url();
      return url.scheme().equals(FILES) ? new IsolatedUrl(url, life.directory()) : url;
    }

    @Override
    public StorageIo io() {
      return life.disk();
    }

    @Override
    public KeyValueStore openStore(String place, List<String> credentials, BackendFactory backend) {
      DurabilityOracle found = life.ledger().location(url().scheme() + ":" + place);
      KeyValueStore store =
          super.openStore(
              place, credentials, () -> RecordingBackend.open(backend.open(), found, life));
      location = found;
      return store;
    }
  }
}
