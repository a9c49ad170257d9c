package io.nadb.samples.quickstart;

import java.util.Locale;

/** The kind of a file: the first of its tags. */
enum Kind {
  JAVA("java"),
  CODE("c cpp cs css go h js kt php py rb rs scala sh sql swift ts"),
  TEXT("adoc csv html json log md properties rst toml txt xml yaml yml"),
  IMAGE("bmp gif ico jpeg jpg png svg tiff webp"),
  ARCHIVE("7z bz2 gz jar tar tgz xz zip zst"),
  BINARY("bin class dll exe o so");

  private static final int SNIFFED_BYTES = 8000;

  private final String extensions;

  Kind(String extensions) {
    this.extensions = " " + extensions + " ";
  }

  /** Judges by the extension; if that says nothing, by the content: text holds no zero byte. */
  static Kind of(String fileName, byte[] content) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    for (Kind kind : values()) {
      if (kind.extensions.contains(" " + extension + " ")) {
        return kind;
      }
    }
    for (int i = 0; i < Math.min(content.length, SNIFFED_BYTES); i++) {
      if (content[i] == 0) {
        return BINARY;
      }
    }
    return TEXT;
  }

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
