package io.nadb.spring.session;

import io.nadb.codec.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes of a session.
 *
 * <pre>
 *   created, accessed   long each, milliseconds since 1970
 *   maxInactive         long, seconds; negative: never
 *   format              UTF: the name of the format that the attributes are in
 *   count               int
 *   count times         UTF: name; int: length; the bytes
 * </pre>
 *
 * @param attributes the name of the format that the attributes are in
 */
record SessionCodec(String attributes) implements Codec<SessionRecord> {

  @Override
  public String format() {
    return "spring-session.1";
  }

  @Override
  public byte[] encode(SessionRecord session) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(session.created().toEpochMilli());
    out.writeLong(session.accessed().toEpochMilli());
    out.writeLong(session.maxInactive().toSeconds());
    out.writeUTF(attributes);
    out.writeInt(session.attributes().size());
    for (Map.Entry<String, byte[]> attribute : session.attributes().entrySet()) {
      out.writeUTF(attribute.getKey());
      out.writeInt(attribute.getValue().length);
      out.write(attribute.getValue());
    }
    return bytes.toByteArray();
  }

  @Override
  public SessionRecord decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Instant created = Instant.ofEpochMilli(in.readLong());
    Instant accessed = Instant.ofEpochMilli(in.readLong());
    Duration maxInactive = Duration.ofSeconds(in.readLong());
    String format = in.readUTF();
    if (!format.equals(attributes)) {
      throw new IllegalArgumentException(
          "the attributes have the format " + format + ", and this repository reads " + attributes);
    }
    Map<String, byte[]> read = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      int length = in.readInt();
      byte[] value = in.readNBytes(length);
      if (value.length < length) {
        throw new EOFException("the attribute '" + name + "' ends too early");
      }
      read.put(name, value);
    }
    if (in.available() > 0) {
      throw new EOFException("the session ends " + in.available() + " bytes before its value does");
    }
    return new SessionRecord(created, accessed, maxInactive, read);
  }

  @Override
  public String toString() {
    return "NADB's format of Spring's sessions";
  }
}
