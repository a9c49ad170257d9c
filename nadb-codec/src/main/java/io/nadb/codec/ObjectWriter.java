package io.nadb.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an object as Java serializes it, but for two things that take most of its time: each class
 * has a description that is made once ({@link ClassDescriptions}), and long texts follow the
 * stream, as a whole, where the stream has their number.
 *
 * <pre>
 * {@value #TYPE}  length of the stream (4)  the stream  each text: 2 * length + (1 if wide) (4), characters
 * </pre>
 */
final class ObjectWriter extends ObjectOutputStream {
  /** The letter of such a value, beside those of {@link PlainValue}. */
  static final char TYPE = 'o';

  /** Where the stream begins. */
  static final int HEADER_BYTES = 1 + Integer.BYTES;

  /** What the number of a text begins with. */
  static final char ESCAPE = '\0';

  /** Shorter texts are written faster where they are. */
  private static final int LONG_TEXT = 32;

  private final ClassDescriptions descriptions;
  private final List<String> texts = new ArrayList<>();

  private ObjectWriter(Buffer bytes, ClassDescriptions descriptions) throws IOException {
    super(bytes);
    this.descriptions = descriptions;
    enableReplaceObject(true);
  }

  /**
   * Returns the bytes of an object.
   *
   * @throws IOException if it can't be written
   */
  static byte[] write(Object object, ClassDescriptions descriptions) throws IOException {
    Buffer bytes = new Buffer();
    bytes.write(new byte[HEADER_BYTES]);
    try (ObjectWriter writer = new ObjectWriter(bytes, descriptions)) {
      writer.writeObject(object);
      writer.flush();
      int streamBytes = bytes.size() - HEADER_BYTES;
      writer.texts.forEach(bytes::append);
      return bytes.toBytes(streamBytes);
    }
  }

  @Override
  protected void writeClassDescriptor(ObjectStreamClass type) throws IOException {
    byte[] description = descriptions.of(type.forClass());
    writeInt(description.length);
    write(description);
  }

  @Override
  protected Object replaceObject(Object part) {
    if (part instanceof String text
        && (text.length() >= LONG_TEXT || (!text.isEmpty() && text.charAt(0) == ESCAPE))) {
      texts.add(text);
      return ESCAPE + Integer.toString(texts.size() - 1);
    }
    return part;
  }

  /** The value as far as it is written. */
  private static final class Buffer extends ByteArrayOutputStream {

    Buffer() {
      super(1024);
    }

    /** Writes a text of any characters, halves of characters too. */
    void append(String text) {
      byte[] narrow = text.getBytes(ISO_8859_1);
      boolean wide = !new String(narrow, ISO_8859_1).equals(text);
      ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
      writeBytes(length.putInt(2 * text.length() + (wide ? 1 : 0)).array());
      if (wide) {
        ByteBuffer characters = ByteBuffer.allocate(2 * text.length());
        characters.asCharBuffer().put(text);
        writeBytes(characters.array());
      } else {
        writeBytes(narrow);
      }
    }

    byte[] toBytes(int streamBytes) {
      byte[] bytes = toByteArray();
      ByteBuffer.wrap(bytes).put((byte) TYPE).putInt(streamBytes);
      return bytes;
    }
  }
}
