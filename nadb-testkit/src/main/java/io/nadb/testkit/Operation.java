package io.nadb.testkit;

/**
 * What a {@link Fault} can strike.
 *
 * @since 0.1.0
 */
public enum Operation {
  /** A file is created. */
  CREATE,
  /** A file is opened to go on writing. */
  OPEN,
  /** Bytes are written to a file. */
  WRITE,
  /** A file's content is made durable (fsync). */
  SYNC,
  /** A file is cut or extended. */
  SET_LENGTH,
  /** A file is renamed. */
  RENAME,
  /** A file is deleted. */
  DELETE,
  /** The names in a directory are made durable. */
  SYNC_DIRECTORY,
  /** A backend, of whatever kind, takes a flush; no file operation of it has been done yet. */
  APPLY,
  /** A backend, of whatever kind, is asked for one entry; what is buffered is not asked for. */
  READ
}
