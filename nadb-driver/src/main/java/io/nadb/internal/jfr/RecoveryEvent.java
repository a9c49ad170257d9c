package io.nadb.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** {@code io.nadb.Recovery}: a log is opened. */
@Name("io.nadb.Recovery")
@Label("Recovery")
@Category("NADB")
@Description("A log is opened: its last whole cut is found and its index filled")
@StackTrace(false)
final class RecoveryEvent extends Event implements Span {
  @Label("Directory")
  String directory = "";

  @Label("Segments")
  int segments;

  @Label("Bytes")
  @DataAmount
  long bytes;

  @Label("Keys")
  long keys;

  @Label("Sequence")
  @Description("The sequence number of the last whole cut")
  long sequence;

  /** Begins one, if it is recorded. */
  static Span begun() {
    if (!Type.VALUE.isEnabled()) {
      return Span.NONE;
    }
    RecoveryEvent event = new RecoveryEvent();
    event.begin();
    return event;
  }

  @Override
  public void recovered(String place, int count, long size, long found, long last) {
    end();
    if (shouldCommit()) {
      directory = place;
      segments = count;
      bytes = size;
      keys = found;
      sequence = last;
      commit();
    }
  }

  /** Tells whether it is recorded without making one. */
  private static final class Type {
    static final EventType VALUE = EventType.getEventType(RecoveryEvent.class);
  }
}
