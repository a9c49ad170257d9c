package io.nadb.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** {@code io.nadb.Flush}: a cut goes to the backend. */
@Name("io.nadb.Flush")
@Label("Flush")
@Category("NADB")
@Description("A cut goes from the write buffer to the backend")
@StackTrace(false)
final class FlushEvent extends Event implements Span {
  @Label("Store")
  String store = "";

  @Label("Cause")
  @Description("Why it took place: SIZE, INTERVAL, EXPLICIT, DURABILITY, RETRY, CLOSE or SHUTDOWN")
  String cause = "";

  @Label("Keys")
  long keys;

  @Label("Bytes")
  @DataAmount
  long bytes;

  @Label("Failure")
  @Description("What went wrong; empty if nothing did")
  @Nullable String failure;

  /** Begins one, if it is recorded. */
  static Span begun() {
    if (!Type.VALUE.isEnabled()) {
      return Span.NONE;
    }
    FlushEvent event = new FlushEvent();
    event.begin();
    return event;
  }

  @Override
  public void flushed(String flushed, String why, long count, long size, @Nullable String error) {
    end();
    if (shouldCommit()) {
      store = flushed;
      cause = why;
      keys = count;
      bytes = size;
      failure = error;
      commit();
    }
  }

  /** Tells whether it is recorded without making one. */
  private static final class Type {
    static final EventType VALUE = EventType.getEventType(FlushEvent.class);
  }
}
