package io.nadb;

/**
 * What has become of a key, as a feed of changes tells it. More constants may come.
 *
 * @since 0.1.0
 */
public enum ChangeKind {
  /** It has a new value, with all that belongs to an entry. */
  SET,
  /** Its entry expires at another time; the value is that which an earlier change has set. */
  TOUCHED,
  /** It was deleted, or all of its namespace was cleared. */
  DELETED,
  /** Its entry had expired, and was removed. */
  EXPIRED
}
