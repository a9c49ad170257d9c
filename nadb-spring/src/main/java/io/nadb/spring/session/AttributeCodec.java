package io.nadb.spring.session;

import io.nadb.codec.Codec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.session.MapSession;
import org.springframework.session.Session;

/** Attributes of sessions as objects and as bytes. */
final class AttributeCodec {
  private final Codec<Object> codec;

  AttributeCodec(Codec<Object> codec) {
    this.codec = codec;
  }

  String format() {
    return codec.format();
  }

  /** Makes bytes of what a request has changed; empty stands for what it has removed. */
  Map<String, Optional<byte[]>> encode(Map<String, @Nullable Object> changes) {
    Map<String, Optional<byte[]>> encoded = new LinkedHashMap<>();
    changes.forEach(
        (name, value) ->
            encoded.put(name, value == null ? Optional.empty() : Optional.of(encode(name, value))));
    return encoded;
  }

  private byte[] encode(String name, Object value) {
    try {
      return codec.encode(value);
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "the attribute '"
              + name
              + "' of a session, a "
              + value.getClass().getName()
              + ", can't be written by "
              + codec
              + ": "
              + e.getClass().getName(),
          e);
    }
  }

  /**
   * Makes objects of all attributes.
   *
   * @throws Exception if one of them can't be read
   */
  Map<String, Object> decode(SessionRecord session) throws Exception {
    Map<String, Object> decoded = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> attribute : session.attributes().entrySet()) {
      decoded.put(attribute.getKey(), codec.decode(attribute.getValue()));
    }
    return decoded;
  }

  /** A session of what can be read, to find out by what it is to be found. */
  Session readable(String id, SessionRecord session) {
    MapSession readable = new MapSession(id);
    session
        .attributes()
        .forEach(
            (name, bytes) -> {
              try {
                readable.setAttribute(name, codec.decode(bytes));
              } catch (Exception e) {
                // Whoever next looks for the session will drop it, and say so.
                readable.removeAttribute(name);
              }
            });
    return readable;
  }
}
