package io.nadb.internal.store;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * The writes of a namespace that are in the layers of a view.
 *
 * @param view the view
 * @param namespace the namespace
 * @param resolver gives the entry that a write has made
 */
record LayerOverlay(View view, String namespace, Resolver resolver) implements Overlay {

  /** Gives the entry that a write has made. */
  interface Resolver {
    StoredEntry resolve(String key, Write write) throws IOException;
  }

  @Override
  public boolean hides(String key) {
    return view.buffered(namespace, key) != null;
  }

  @Override
  public void forEach(BiConsumer<String, Write> each) {
    view.forEachBuffered(namespace, each);
  }

  @Override
  public StoredEntry resolve(String key, Write write) throws IOException {
    return resolver.resolve(key, write);
  }
}
