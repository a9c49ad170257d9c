package io.nadb.internal.log.append;

import io.nadb.spi.Cut;

/** A cut that changes nothing. */
record NoWrites(long sequence) implements Cut {

  @Override
  public int size() {
    return 0;
  }

  @Override
  public <E extends Exception> void forEach(Visitor<E> visitor) {}
}
