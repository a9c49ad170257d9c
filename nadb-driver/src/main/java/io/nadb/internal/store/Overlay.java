package io.nadb.internal.store;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.util.function.BiConsumer;

/** What a view has of a namespace in the layers: it counts, whatever the backend has. */
interface Overlay {
  /** That of a store without layers. */
  Overlay NONE =
      new Overlay() {
        @Override
        public boolean hides(String key) {
          return false;
        }

        @Override
        public void forEach(BiConsumer<String, Write> each) {}

        @Override
        public StoredEntry resolve(String key, Write write) {
          throw new IllegalStateException("nothing is buffered");
        }
      };

  /** Whether it has a write of a key, be it a deletion. */
  boolean hides(String key);

  /** Shows the latest write of each key that it has one of, in no order. */
  void forEach(BiConsumer<String, Write> each);

  /** Gives the entry that a write has made. */
  StoredEntry resolve(String key, Write write) throws IOException;
}
