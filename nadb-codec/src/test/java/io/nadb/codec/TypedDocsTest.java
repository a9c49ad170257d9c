package io.nadb.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.junit.NadbStore;
import io.nadb.testing.ShownCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;

/** Runs what docs/typed.md shows. */
class TypedDocsTest {
  private static final Path PAGE = Path.of("..", "docs", "typed.md");
  private static final Path TESTS = Path.of("src/test/java/io/nadb/codec");

  @NadbStore("nadb:mem:docs")
  private KeyValueStore store;

  @Test
  void thePageShowsWhatIsRunHere() throws IOException {
    assertThat(
            ShownCode.notIn(PAGE, TESTS.resolve("TypedDocsTest.java"), TESTS.resolve("User.java")))
        .isEmpty();
  }

  @Test
  void aViewHasObjects() {
    TypedStore<User> users = TypedStore.of(store, JacksonCodec.of(User.class));

    users.set("user:1", new User("Ada", 36), SetOptions.tags("admin"));
    users.compute("user:1", found -> found.map(user -> new User(user.name(), user.age() + 1)));
    User ada = users.get("user:1").orElseThrow();

    assertThat(ada).isEqualTo(new User("Ada", 37));
  }

  @Test
  void aViewGoesOverToAnotherCodec() {
    TypedStore.of(store, JacksonCodec.of(User.class)).set("user:1", new User("Ada", 36));

    TypedStore<User> users =
        TypedStore.of(store, Jackson3Codec.of(User.class)).alsoReading(JacksonCodec.of(User.class));

    assertThat(users.get("user:1")).isPresent();
  }

  @Test
  void severalViewsTakePartInOneTransaction() {
    TypedStore<User> users = TypedStore.of(store, Jackson3Codec.of(User.class));
    TypedStore<String> notes = TypedStore.of(store, Codec.strings());
    users.set("user:1", new User("Ada", 36));

    store.transaction(
        tx -> {
          TypedTransaction<User> inUsers = users.in(tx);
          User user = inUsers.get("user:1").orElseThrow();
          notes.in(tx).set("note:1", user.name() + " was here");
          inUsers.delete("user:1");
          return null;
        });

    assertThat(notes.get("note:1")).contains("Ada was here");
    assertThat(users.contains("user:1")).isFalse();
  }

  @Test
  void aViewIsAMap() {
    TypedStore<User> users = TypedStore.of(store, Jackson3Codec.of(User.class));

    ConcurrentMap<String, User> map = users.asMap();
    map.putIfAbsent("user:2", new User("Grace", 85));
    map.merge(
        "user:2",
        new User("Grace", 1),
        (found, more) -> new User(found.name(), found.age() + more.age()));

    assertThat(map).containsEntry("user:2", new User("Grace", 86));
  }
}
