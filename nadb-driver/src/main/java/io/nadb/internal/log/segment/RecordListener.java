package io.nadb.internal.log.segment;

/** Is told where records come to be that can be found from then on. */
public interface RecordListener {

  /** A record is in the index at this position; called by whoever has put it there. */
  void published(long position);
}
