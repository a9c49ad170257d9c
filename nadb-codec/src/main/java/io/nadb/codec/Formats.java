package io.nadb.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The codec by which a view writes, and all by which it reads, each by the name of its format. */
final class Formats<V> {
  private final Codec<V> writer;
  private final Map<String, Codec<? extends V>> readers;

  private Formats(Codec<V> writer, Map<String, Codec<? extends V>> readers) {
    this.writer = writer;
    this.readers = readers;
  }

  static <V> Formats<V> of(Codec<V> writer) {
    return new Formats<>(writer, Map.of(Envelope.requireName(writer), writer));
  }

  Formats<V> alsoReading(Codec<? extends V> reader) {
    Map<String, Codec<? extends V>> more = new LinkedHashMap<>(readers);
    Codec<?> before = more.putIfAbsent(Envelope.requireName(reader), reader);
    if (before != null) {
      throw new IllegalArgumentException(
          before + " and " + reader + " both read the format " + reader.format());
    }
    return new Formats<>(writer, more);
  }

  Codec<V> writer() {
    return writer;
  }

  byte[] encode(String key, V value) {
    Objects.requireNonNull(value, "value");
    byte[] content;
    try {
      content = writer.encode(value);
    } catch (Exception e) {
      throw new CodecException(
          key,
          writer
              + " can't write the value, a "
              + value.getClass().getName()
              + ": "
              + e.getClass().getName(),
          e);
    }
    return new Envelope(writer.format(), content).close();
  }

  V decode(String key, byte[] stored) {
    Envelope envelope = Envelope.open(stored).orElseThrow(() -> unmarked(key, stored));
    Codec<? extends V> reader = readers.get(envelope.format());
    if (reader == null) {
      throw new CodecException(
          key,
          "the value has the format "
              + envelope.format()
              + ", and this view reads "
              + names()
              + "; give it a codec of that format by alsoReading",
          null);
    }
    try {
      return Objects.requireNonNull(reader.decode(envelope.content()), "decoded value");
    } catch (Exception e) {
      throw new CodecException(
          key,
          reader
              + " can't read the value, though it has the format "
              + envelope.format()
              + ": "
              + e.getClass().getName(),
          e);
    }
  }

  Optional<V> decode(String key, Optional<byte[]> stored) {
    return stored.map(bytes -> decode(key, bytes));
  }

  private CodecException unmarked(String key, byte[] stored) {
    return new CodecException(
        key,
        "the value ("
            + stored.length
            + " bytes) does not say which format it has, so no typed view has written it; this one"
            + " reads "
            + names()
            + ". Read it by the store itself, and set it by the view",
        null);
  }

  private String names() {
    List<String> names = new ArrayList<>(readers.keySet());
    return String.join(", ", names);
  }
}
