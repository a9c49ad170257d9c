package io.nadb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerializationCodecTest {

  private record Place(String city, Class<?> type) implements Serializable {}

  @Test
  void whatIsSerializableComesBackAsItWas() throws Exception {
    Codec<Object> codec = SerializationCodec.of(Object.class);
    Place place = (Place) codec.decode(codec.encode(new Place("Ulm", int.class)));

    assertThat(place.city()).isEqualTo("Ulm");
    assertThat(place.type()).isSameAs(int.class);
    assertThat(codec.format()).isEqualTo("java");
  }

  @Test
  void whatIsNotSerializableOrOfAnotherTypeIsAnError() throws Exception {
    Codec<Object> objects = SerializationCodec.of(Object.class);
    Codec<String> texts = SerializationCodec.of(String.class);

    assertThatThrownBy(() -> objects.encode(new Object()))
        .isInstanceOf(NotSerializableException.class);
    byte[] list = objects.encode(List.of());
    assertThatThrownBy(() -> texts.decode(list)).isInstanceOf(ClassCastException.class);
  }
}
