package io.nadb.testing;

import io.nadb.spi.Cut;
import io.nadb.spi.Write;
import java.util.Map;

/** A cut that a test has put together. */
public record MapCut(long sequence, Map<String, Map<String, Write>> writes) implements Cut {

  @Override
  public int size() {
    return writes.values().stream().mapToInt(Map::size).sum();
  }

  @Override
  public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
    for (Map.Entry<String, Map<String, Write>> namespace : writes.entrySet()) {
      for (Map.Entry<String, Write> write : namespace.getValue().entrySet()) {
        visitor.visit(namespace.getKey(), write.getKey(), write.getValue());
      }
    }
  }
}
