package io.nadb.testing;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.spi.BackendView;
import io.nadb.spi.Cut;
import io.nadb.spi.DriverContext;
import io.nadb.spi.ForwardingBackend;
import io.nadb.spi.ForwardingContext;
import io.nadb.spi.ForwardingDriver;
import io.nadb.spi.NadbDriver;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Another driver, with a backend that fails or hangs when a test says so. */
public final class FaultyDriver extends ForwardingDriver {
  private final Faults faults;

  public FaultyDriver(NadbDriver driver, Faults faults) {
    super(driver);
    this.faults = faults;
  }

  /** Puts faults into the driver that a registry has for a scheme. */
  public static Faults install(StoreRegistry registry, String scheme) {
    Faults faults = new Faults();
    NadbDriver real =
        registry.drivers().stream()
            .filter(driver -> driver.scheme().equals(scheme))
            .map(NadbDriver.class::cast)
            .findFirst()
            .orElseThrow();
    registry.registerDriver(new FaultyDriver(real, faults));
    return faults;
  }

  @Override
  public KeyValueStore open(DriverContext context) {
    return super.open(new FaultyContext(context, faults));
  }

  private static final class FaultyContext extends ForwardingContext {
    private final Faults faults;

    FaultyContext(DriverContext real, Faults faults) {
      super(real);
      this.faults = faults;
    }

    @Override
    public KeyValueStore openStore(
        String location, List<String> credentials, BackendFactory backend) {
      return super.openStore(
          location, credentials, () -> new FaultyBackend(backend.open(), faults));
    }
  }

  private static final class FaultyBackend extends ForwardingBackend {
    private final Faults faults;

    FaultyBackend(StorageBackend real, Faults faults) {
      super(real);
      this.faults = faults;
    }

    @Override
    public void apply(Cut cut, boolean sync) throws IOException {
      faults.beforeApply();
      super.apply(cut, sync);
      faults.afterApply(cut);
    }

    @Override
    public void sync() throws IOException {
      faults.beforeApply();
      super.sync();
    }

    @Override
    public BackendView view(long sequence) {
      return new MeddledView(super.view(sequence), faults);
    }

    @Override
    public void close() throws IOException {
      super.close();
      faults.afterClose();
    }
  }

  private record MeddledView(BackendView real, Faults faults) implements BackendView {
    @Override
    public byte @Nullable [] value(String namespace, String key, LongSupplier now)
        throws IOException {
      faults.answering();
      return real.value(namespace, key, now);
    }

    @Override
    public @Nullable StoredEntry entry(String namespace, String key) throws IOException {
      faults.answering();
      return real.entry(namespace, key);
    }

    @Override
    public void scan(String namespace, String prefix, Consumer<StoredEntry> each)
        throws IOException {
      faults.answering();
      real.scan(
          namespace,
          prefix,
          entry -> {
            each.accept(entry);
            faults.answering();
          });
    }

    @Override
    public List<StoredEntry> tagged(String namespace, Set<String> tags) throws IOException {
      faults.answering();
      List<StoredEntry> answer = real.tagged(namespace, tags);
      faults.answering();
      return answer;
    }

    @Override
    public void eachTagged(String namespace, Consumer<StoredEntry> each) throws IOException {
      faults.answering();
      real.eachTagged(
          namespace,
          entry -> {
            each.accept(entry);
            faults.answering();
          });
    }

    @Override
    public Map<String, Long> countTags(String namespace, long now, Set<String> except)
        throws IOException {
      faults.answering();
      return real.countTags(namespace, now, except);
    }

    @Override
    public long keptBytes() {
      return real.keptBytes();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
