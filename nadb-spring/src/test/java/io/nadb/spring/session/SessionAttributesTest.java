package io.nadb.spring.session;

import static io.nadb.spring.session.Sessions.found;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.junit.NadbStore;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.session.SaveMode;

/** Attributes that can't be read, can't be written, or are changed in place. */
class SessionAttributesTest {
  @NadbStore(with = "namespace=sessions")
  private KeyValueStore store;

  private NadbIndexedSessionRepository repository;

  @BeforeEach
  void open() {
    repository = NadbIndexedSessionRepository.builder(store).build();
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private NadbSession saved() {
    NadbSession session = repository.createSession();
    session.setAttribute("cart", new ArrayList<>(List.of("apple")));
    repository.save(session);
    return session;
  }

  @Test
  void anUnreadableSessionIsDeletedAndTheFirstIsLogged() {
    List<String> log = new ArrayList<>();
    Handler handler = new Collecting(log);
    Logger logger = Logger.getLogger(SessionEntries.class.getName());
    logger.addHandler(handler);
    try (NadbIndexedSessionRepository old =
        NadbIndexedSessionRepository.builder(store).attributes(new Unreadable()).build()) {
      for (String id : List.of("secret1", "secret2")) {
        store.set(id, new byte[] {1, 2, 3});
        assertThat(repository.findById(id)).isNull();
      }
      NadbSession session = old.createSession();
      session.setAttribute(PRINCIPAL_NAME_INDEX_NAME, "ada");
      old.save(session);
      assertThat(old.findById(session.getId())).isNull();
      assertThat(store.size()).isZero();
      NadbSession another = saved();
      assertThat(old.findById(another.getId())).as("of another format").isNull();
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(store.size()).isZero();
    assertThat(log).hasSize(2).allMatch(line -> line.contains("its user gets a new one"));
    assertThat(log).noneMatch(line -> line.contains("secret"));
  }

  @Test
  void anAttributeThatCantBeWrittenIsNamedAndNothingIsWritten() {
    NadbSession session = repository.createSession();
    session.setAttribute("thread", Thread.currentThread());

    assertThatThrownBy(() -> repository.save(session))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'thread'", "java.lang.Thread", "SerializationCodec");
    assertThat(store.size()).isZero();
  }

  @Test
  void whatIsOnlyReadMayBeSavedToo() {
    try (NadbIndexedSessionRepository reads =
            NadbIndexedSessionRepository.builder(store)
                .saveMode(SaveMode.ON_GET_ATTRIBUTE)
                .build();
        NadbIndexedSessionRepository all =
            NadbIndexedSessionRepository.builder(store).saveMode(SaveMode.ALWAYS).build()) {
      String id = saved().getId();
      NadbSession session = found(reads, id);
      session.<List<String>>getRequiredAttribute("cart").add("pear");
      reads.save(session);
      assertThat(found(repository, id).<List<String>>getAttribute("cart"))
          .containsExactly("apple", "pear");

      NadbSession other = found(repository, id);
      other.<List<String>>getRequiredAttribute("cart").clear();
      repository.save(other);
      assertThat(found(repository, id).<List<String>>getAttribute("cart")).hasSize(2);

      session = found(all, id);
      session.<List<String>>getRequiredAttribute("cart").clear();
      all.save(session);
      assertThat(found(repository, id).<List<String>>getAttribute("cart")).isEmpty();
    }
  }

  /** Writes what it can't read. */
  private static final class Unreadable implements Codec<Object> {
    @Override
    public String format() {
      return "unreadable";
    }

    @Override
    public byte[] encode(Object value) {
      return new byte[] {1};
    }

    @Override
    public Object decode(byte[] bytes) throws ClassNotFoundException {
      throw new ClassNotFoundException("com.example.Gone");
    }
  }

  private static final class Collecting extends Handler {
    private final List<String> log;

    Collecting(List<String> log) {
      this.log = log;
    }

    @Override
    public void publish(LogRecord entry) {
      log.add(entry.getMessage() + entry.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
