package io.nadb.codec;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Objects;

/**
 * JSON by Jackson 2 ({@code com.fasterxml.jackson.core:jackson-databind}): format {@code
 * json.jackson2}. For objects and records.
 *
 * <p>What Jackson 2 and 3 write of the same class may differ, so their formats have two names; see
 * {@link TypedStore#alsoReading} for how to go over.
 *
 * @param <V> the values
 * @since 0.1.0
 */
public final class JacksonCodec<V> implements Codec<V> {
  private final JavaType type;
  private final ObjectWriter writer;
  private final ObjectReader reader;

  private JacksonCodec(ObjectMapper mapper, JavaType type) {
    this.type = type;
    this.writer = mapper.writerFor(type);
    this.reader = mapper.readerFor(type);
  }

  /**
   * Creates a codec whose settings are stated here and depend on no default of Jackson's and on
   * nothing on the class path: a property that the class does not know, null for a primitive type,
   * and anything after the value are errors; dates are text.
   */
  public static <V> JacksonCodec<V> of(Class<V> type) {
    ObjectMapper mapper =
        JsonMapper.builder()
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(
                SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
                SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build();
    return of(mapper, type);
  }

  /** Creates a codec that writes and reads as a mapper of the user's own does. */
  public static <V> JacksonCodec<V> of(ObjectMapper mapper, Class<V> type) {
    return new JacksonCodec<>(mapper, mapper.constructType(Objects.requireNonNull(type, "type")));
  }

  /**
   * Creates a codec for a generic type, as {@code mapper.getTypeFactory()} makes it: of lists or
   * maps, say.
   */
  public static <V> JacksonCodec<V> of(ObjectMapper mapper, JavaType type) {
    return new JacksonCodec<>(mapper, Objects.requireNonNull(type, "type"));
  }

  @Override
  public String format() {
    return "json.jackson2";
  }

  @Override
  public byte[] encode(V value) throws IOException {
    return writer.writeValueAsBytes(value);
  }

  @Override
  public V decode(byte[] bytes) throws IOException {
    return reader.readValue(bytes);
  }

  @Override
  public String toString() {
    return "JacksonCodec of " + type.toCanonical();
  }
}
