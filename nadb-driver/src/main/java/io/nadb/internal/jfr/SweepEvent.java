package io.nadb.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** {@code io.nadb.Sweep}: a batch of expired entries is removed. */
@Name("io.nadb.Sweep")
@Label("Sweep")
@Category("NADB")
@Description("A batch of expired entries is removed")
@StackTrace(false)
final class SweepEvent extends Event implements Span {
  @Label("Store")
  String store = "";

  @Label("Removed")
  long removed;

  @Label("More")
  @Description("Whether there are more to remove")
  boolean more;

  /** Begins one, if it is recorded. */
  static Span begun() {
    if (!Type.VALUE.isEnabled()) {
      return Span.NONE;
    }
    SweepEvent event = new SweepEvent();
    event.begin();
    return event;
  }

  @Override
  public void swept(String swept, long count, boolean rest) {
    end();
    if (shouldCommit()) {
      store = swept;
      removed = count;
      more = rest;
      commit();
    }
  }

  /** Tells whether it is recorded without making one. */
  private static final class Type {
    static final EventType VALUE = EventType.getEventType(SweepEvent.class);
  }
}
