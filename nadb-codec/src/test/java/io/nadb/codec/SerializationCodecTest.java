package io.nadb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
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
  void whatAFilterRefusesIsNotRead() throws Exception {
    SerializationCodec<Object> codec =
        SerializationCodec.of(Object.class, getClass().getClassLoader());
    Codec<Object> filtered =
        codec.withFilter(ObjectInputFilter.Config.createFilter("java.base/*;!*"));
    byte[] place = codec.encode(new Place("Ulm", int.class));

    assertThatThrownBy(() -> filtered.decode(place))
        .isInstanceOf(InvalidClassException.class)
        .hasMessageContaining("REJECTED");
    assertThat(filtered.decode(codec.encode(List.of(1)))).isEqualTo(List.of(1));
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
