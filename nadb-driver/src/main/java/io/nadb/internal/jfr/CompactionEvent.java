package io.nadb.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** {@code io.nadb.Compaction}: segments are rewritten without their garbage. */
@Name("io.nadb.Compaction")
@Label("Compaction")
@Category("NADB")
@Description("Segments are rewritten without their garbage, in steps between which flushes go on")
@StackTrace(false)
final class CompactionEvent extends Event implements Span {
  @Label("Directory")
  String directory = "";

  @Label("Segments")
  @Description("How many were rewritten into one")
  int segments;

  @Label("Bytes before")
  @DataAmount
  long bytesBefore;

  @Label("Bytes after")
  @DataAmount
  long bytesAfter;

  /** Begins one, if it is recorded. */
  static Span begun() {
    if (!Type.VALUE.isEnabled()) {
      return Span.NONE;
    }
    CompactionEvent event = new CompactionEvent();
    event.begin();
    return event;
  }

  @Override
  public void compacted(String place, int inputs, long before, long after) {
    end();
    if (shouldCommit()) {
      directory = place;
      segments = inputs;
      bytesBefore = before;
      bytesAfter = after;
      commit();
    }
  }

  /** Tells whether it is recorded without making one. */
  private static final class Type {
    static final EventType VALUE = EventType.getEventType(CompactionEvent.class);
  }
}
