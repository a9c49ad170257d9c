package io.nadb.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecsTest {
  private static final User ADA = new User("Ada", 36);

  static Stream<Codec<User>> codecsOfRecords() {
    return Stream.of(
        JacksonCodec.of(User.class), Jackson3Codec.of(User.class), KryoCodec.of(User.class));
  }

  static Stream<Codec<User>> jsonCodecs() {
    return Stream.of(JacksonCodec.of(User.class), Jackson3Codec.of(User.class));
  }

  @ParameterizedTest
  @MethodSource("codecsOfRecords")
  void aRecordComesBackAsItWas(Codec<User> codec) throws Exception {
    assertThat(codec.decode(codec.encode(ADA))).isEqualTo(ADA);
  }

  @ParameterizedTest
  @MethodSource("codecsOfRecords")
  void aCodecIsForSeveralThreads(Codec<User> codec) {
    List<Callable<User>> calls =
        IntStream.range(0, 200)
            .<Callable<User>>mapToObj(n -> () -> codec.decode(codec.encode(new User("u" + n, n))))
            .toList();

    assertThat(calls.parallelStream().map(CodecsTest::result).toList())
        .containsExactlyElementsOf(
            IntStream.range(0, 200).mapToObj(n -> new User("u" + n, n)).toList());
  }

  private static User result(Callable<User> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("jsonCodecs")
  void bothJacksonsWriteARecordAlike(Codec<User> codec) throws Exception {
    assertThat(new String(codec.encode(ADA), UTF_8)).contains("\"name\":\"Ada\"", "\"age\":36");
  }

  @ParameterizedTest
  @MethodSource("jsonCodecs")
  void whatAClassDoesNotKnowOrCantHaveIsAnError(Codec<User> codec) {
    for (String json :
        List.of(
            "{\"name\":\"Ada\",\"age\":36,\"born\":1815}",
            "{\"name\":\"Ada\",\"age\":null}",
            "{\"name\":\"Ada\",\"age\":36}{}")) {
      assertThatThrownBy(() -> codec.decode(json.getBytes(UTF_8))).as(json).isNotNull();
    }
  }

  @Test
  void aMapperOfTheUsersOwnDecidesItself() throws Exception {
    JsonMapper lenient = JsonMapper.builder().build();
    lenient.configure(
        com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    assertThat(
            JacksonCodec.of(lenient, User.class)
                .decode("{\"name\":\"Ada\",\"age\":36,\"born\":1815}".getBytes(UTF_8)))
        .isEqualTo(ADA);
  }

  @Test
  void aGenericTypeIsReadAsWhatItIs() throws Exception {
    JsonMapper two = JsonMapper.builder().build();
    Codec<List<User>> list =
        JacksonCodec.of(two, two.getTypeFactory().constructCollectionType(List.class, User.class));
    assertThat(list.decode(list.encode(List.of(ADA)))).containsExactly(ADA);

    tools.jackson.databind.json.JsonMapper three =
        tools.jackson.databind.json.JsonMapper.builder().build();
    Codec<List<User>> third =
        Jackson3Codec.of(
            three, three.getTypeFactory().constructCollectionType(List.class, User.class));
    assertThat(third.decode(third.encode(List.of(ADA)))).containsExactly(ADA);
  }

  @Test
  void jsonsNullIsNoValue() {
    assertThatThrownBy(
            () ->
                Formats.of(JacksonCodec.of(User.class))
                    .decode("k", stored("json.jackson2", "null")))
        .isInstanceOf(CodecException.class);
  }

  @Test
  void kryoRefusesClassesThatWereNotRegistered() throws Exception {
    Codec<Object> objects = KryoCodec.of(Object.class, User.class);
    assertThat(objects.decode(objects.encode(ADA))).isEqualTo(ADA);
    assertThatThrownBy(() -> objects.encode(new User[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not registered");
  }

  @Test
  void kryoReadsAllOfTheBytesAndNoOtherClass() throws Exception {
    Codec<User> users = KryoCodec.of(User.class);
    byte[] bytes = users.encode(ADA);
    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> users.decode(longer))
        .hasMessage("the value ends after %s of %s bytes", bytes.length, bytes.length + 1);

    Codec<Object> objects = KryoCodec.of(Object.class, kryo -> {});
    byte[] text = objects.encode("text");
    assertThatThrownBy(() -> users.decode(text)).isInstanceOf(ClassCastException.class);
  }

  @Test
  void textIsReadWholeOrNotAtAll() throws Exception {
    Codec<String> texts = Codec.strings();
    assertThat(texts.decode(texts.encode("Grüße 🙂"))).isEqualTo("Grüße 🙂");
    assertThatThrownBy(() -> texts.decode(new byte[] {(byte) 0xff})).isNotNull();
  }

  @Test
  void bytesAreComparedByWhatTheyAre() throws Exception {
    Codec<byte[]> codec = Codec.bytes();
    assertThat(codec.equal(new byte[] {1}, new byte[] {1})).isTrue();
    assertThat(codec.equal(new byte[] {1}, new byte[] {2})).isFalse();
    assertThat(codec.decode(codec.encode(new byte[] {1, 2}))).containsExactly(1, 2);
  }

  @Test
  void bytesThatOnlyBeginAsAMarkedValueAreNone() {
    for (byte[] bytes :
        List.of(
            new byte[0],
            new byte[] {(byte) 0xDB, 1},
            new byte[] {(byte) 0xDB, 2, 1, 'a'},
            new byte[] {(byte) 0xDC, 1, 1, 'a'},
            new byte[] {(byte) 0xDB, 1, 2, 'a'},
            new byte[] {(byte) 0xDB, 1, 0},
            new byte[] {(byte) 0xDB, 1, 1, 'A'})) {
      assertThat(Envelope.open(bytes)).isEmpty();
    }
    assertThat(Envelope.open(new byte[] {(byte) 0xDB, 1, 1, 'a'}).orElseThrow().format())
        .isEqualTo("a");
  }

  private static byte[] stored(String format, String content) {
    return new Envelope(format, content.getBytes(UTF_8)).close();
  }
}
