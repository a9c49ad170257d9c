package io.nadb.internal.jfr;

import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A span that throws nothing, whatever the recorder does: what is recorded must not fail for it.
 *
 * <p>The recorder needs memory, and some of its classes; if one of these could not be initialized
 * once, it is broken for the life of the JVM.
 */
final class QuietSpan implements Span {
  private static final Logbook LOG = Logbook.of(QuietSpan.class);

  private final Span event;

  private QuietSpan(Span event) {
    this.event = event;
  }

  /** Begins an event, if the recorder is able to. */
  static Span begin(Supplier<Span> event) {
    try {
      Span begun = event.get();
      return begun == NONE ? NONE : new QuietSpan(begun);
    } catch (Throwable e) {
      LOG.log(Level.DEBUG, "an event is not recorded", e);
      return NONE;
    }
  }

  @Override
  public void flushed(String store, String cause, long keys, long bytes, @Nullable String failure) {
    end(() -> event.flushed(store, cause, keys, bytes, failure));
  }

  @Override
  public void swept(String store, long removed, boolean more) {
    end(() -> event.swept(store, removed, more));
  }

  @Override
  public void compacted(String directory, int segments, long bytesBefore, long bytesAfter) {
    end(() -> event.compacted(directory, segments, bytesBefore, bytesAfter));
  }

  @Override
  public void recovered(String directory, int segments, long bytes, long keys, long sequence) {
    end(() -> event.recovered(directory, segments, bytes, keys, sequence));
  }

  private static void end(Runnable how) {
    try {
      how.run();
    } catch (Throwable e) {
      LOG.log(Level.DEBUG, "an event is not recorded", e);
    }
  }
}
