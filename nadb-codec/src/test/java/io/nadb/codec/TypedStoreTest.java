package io.nadb.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.junit.NadbStore;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TypedStoreTest {
  private static final User ADA = new User("Ada", 36);
  private static final User GRACE = new User("Grace", 85);

  @NadbStore("nadb:mem:users")
  private KeyValueStore store;

  private TypedStore<User> users;

  @BeforeEach
  void view() {
    users = TypedStore.of(store, Jackson3Codec.of(User.class));
  }

  @Test
  void whatWasSetIsReadAsAnObjectWithItsTagsAndTtl() {
    users.set("user:1", ADA, SetOptions.ttl(Duration.ofHours(1)).withTags("admin"));

    assertThat(users.get("user:1")).contains(ADA);
    assertThat(users.contains("user:1")).isTrue();
    TypedEntry<User> entry = users.entry("user:1").orElseThrow();
    assertThat(entry.key()).isEqualTo("user:1");
    assertThat(entry.value()).isEqualTo(ADA);
    assertThat(entry.metadata().tags()).containsExactly("admin");
    assertThat(entry.metadata().expiresAt()).isPresent();
    assertThat(entry).hasToString("TypedEntry[" + entry.metadata() + "]");
    assertThat(users.entry("user:2")).isEmpty();
    assertThat(users.decode("user:1", store.get("user:1").orElseThrow())).isEqualTo(ADA);
    assertThat(users.store()).isSameAs(store);
    assertThat(users.codec()).hasToString("Jackson3Codec of io.nadb.codec.User");
  }

  @Test
  void conditionsAreDecidedByTheObjects() {
    assertThat(users.setIfAbsent("user:1", ADA)).isTrue();
    assertThat(users.setIfAbsent("user:1", GRACE, SetOptions.tags("late"))).isFalse();
    assertThat(users.setIfPresent("user:2", GRACE, SetOptions.none())).isFalse();
    assertThat(users.setIfPresent("user:1", ADA, SetOptions.tags("here"))).isTrue();
    assertThat(users.replace("user:1", GRACE, ADA)).isFalse();
    assertThat(users.replace("user:1", ADA, GRACE)).isTrue();
    assertThat(users.replace("user:2", ADA, GRACE)).isFalse();
    assertThat(store.metadata("user:1").orElseThrow().tags()).containsExactly("here");
    assertThat(users.delete("user:1", ADA)).isFalse();
    assertThat(users.delete("user:2", ADA)).isFalse();
    assertThat(users.delete("user:1", GRACE)).isTrue();
    assertThat(store.size()).isZero();
  }

  @Test
  void exchangesReturnWhatWasThere() {
    assertThat(users.getAndSet("user:1", ADA, SetOptions.none())).isEmpty();
    assertThat(users.getAndSet("user:1", GRACE, SetOptions.tags("new"))).contains(ADA);
    assertThat(store.metadata("user:1").orElseThrow().tags()).containsExactly("new");
    assertThat(users.getAndDelete("user:1")).contains(GRACE);
    assertThat(users.getAndDelete("user:1")).isEmpty();
    assertThat(users.delete("user:1")).isFalse();
  }

  @Test
  void computeKeepsTagsAndReturnsTheObjectThatTheFunctionMade() {
    users.set("user:1", ADA, SetOptions.tags("admin"));

    assertThat(users.compute("user:1", found -> found.map(user -> new User(user.name(), 37))))
        .contains(new User("Ada", 37));
    assertThat(store.metadata("user:1").orElseThrow().tags()).containsExactly("admin");
    assertThat(users.compute("user:1", found -> Optional.empty())).isEmpty();
    assertThat(users.contains("user:1")).isFalse();
  }

  @Test
  void severalViewsTakePartInOneTransaction() {
    TypedStore<String> notes = TypedStore.of(store, Codec.strings());
    users.set("user:1", ADA);
    notes.set("note", "old");

    String read =
        store.transaction(
            tx -> {
              TypedTransaction<User> inUsers = users.in(tx);
              inUsers.set("user:2", inUsers.get("user:1").orElseThrow());
              inUsers.set("user:3", GRACE, SetOptions.tags("new"));
              assertThat(inUsers.entry("user:2").orElseThrow().value()).isEqualTo(ADA);
              assertThat(inUsers.contains("user:9")).isFalse();
              assertThat(inUsers.transaction()).isSameAs(tx);
              return notes.in(tx).get("note").orElseThrow();
            });

    assertThat(read).isEqualTo("old");
    assertThat(users.get("user:2")).contains(ADA);
    assertThat(store.metadata("user:3").orElseThrow().tags()).containsExactly("new");
    assertThat(users.<Boolean>transaction(tx -> tx.delete("user:2"))).isTrue();
    assertThat(users.get("user:2")).isEmpty();
  }

  @Test
  void whatCantBeReadRollsATransactionBack() {
    store.set("user:1", "raw".getBytes(UTF_8));

    assertThatThrownBy(
            () ->
                users.transaction(
                    tx -> {
                      tx.set("user:2", ADA);
                      return tx.get("user:1");
                    }))
        .isInstanceOf(CodecException.class);
    assertThat(store.contains("user:2")).isFalse();
  }

  @Test
  void aValueOfAnotherFormatIsAnErrorThatNamesBoth() {
    TypedStore.of(store, JacksonCodec.of(User.class)).set("user:1", ADA);

    assertThatThrownBy(() -> users.get("user:1"))
        .isInstanceOfSatisfying(CodecException.class, e -> assertThat(e.key()).isEqualTo("user:1"))
        .hasMessage(
            "key 'user:1': the value has the format json.jackson2, and this view reads"
                + " json.jackson3; give it a codec of that format by alsoReading");
  }

  @Test
  void aValueThatNoViewHasWrittenIsAnErrorAndNotAGuess() {
    store.set("user:1", "{\"name\":\"Ada\",\"age\":36}".getBytes(UTF_8));

    assertThatThrownBy(() -> users.get("user:1"))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "key 'user:1': the value (23 bytes) does not say which format it has, so no typed view"
                + " has written it; this one reads json.jackson3. Read it by the store itself, and"
                + " set it by the view");
    assertThatThrownBy(() -> users.getAndDelete("user:1")).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> users.getAndSet("user:1", ADA, SetOptions.none()))
        .isInstanceOf(CodecException.class);
    assertThat(store.get("user:1")).as("nothing was written").isPresent();
    assertThat(users.delete("user:1")).as("it can be deleted").isTrue();
  }

  @Test
  void aViewGoesOverToAnotherCodecByReadingBoth() {
    TypedStore.of(store, JacksonCodec.of(User.class)).set("user:1", ADA);
    TypedStore<User> both = users.alsoReading(JacksonCodec.of(User.class));

    assertThat(both.get("user:1")).contains(ADA);
    assertThat(both.replace("user:1", ADA, GRACE)).isTrue();

    assertThat(users.get("user:1")).as("written anew").contains(GRACE);
    assertThatThrownBy(() -> both.alsoReading(JacksonCodec.of(User.class)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both read the format json.jackson2");
  }

  @Test
  void whatIsDamagedIsNamedWithItsCodec() {
    store.set("user:1", new Envelope("json.jackson3", "{".getBytes(UTF_8)).close());

    assertThatThrownBy(() -> users.get("user:1"))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith(
            "key 'user:1': Jackson3Codec of io.nadb.codec.User can't read the value, though it has"
                + " the format json.jackson3: tools.jackson.")
        .hasCauseInstanceOf(RuntimeException.class);
  }

  @Test
  void whatCantBeWrittenLeavesTheEntryAsItWas() {
    TypedStore<String> texts = TypedStore.of(store, Codec.strings());
    texts.set("note", "whole");

    assertThatThrownBy(() -> texts.set("note", "half of a pair: \ud800"))
        .isInstanceOf(CodecException.class)
        .hasMessage(
            "key 'note': Codec.strings() can't write the value, a java.lang.String:"
                + " java.nio.charset.MalformedInputException");
    assertThat(texts.get("note")).contains("whole");
  }

  @Test
  void aFormatNeedsAProperName() {
    for (String name : new String[] {"", "JSON", "1x", "a b", "a".repeat(64)}) {
      assertThatThrownBy(() -> TypedStore.of(store, new Named(name)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + name + "'");
    }
    TypedStore<String> longest = TypedStore.of(store, new Named("a".repeat(63)));
    longest.set("k", "v");
    assertThat(longest.get("k")).contains("v");
  }

  private record Named(String format) implements Codec<String> {
    @Override
    public byte[] encode(String value) {
      return value.getBytes(UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
      return new String(bytes, UTF_8);
    }
  }
}
