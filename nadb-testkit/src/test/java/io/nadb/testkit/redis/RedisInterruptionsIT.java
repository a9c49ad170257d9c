package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a call waits for, it ends when its thread is interrupted or its store is closed. */
@Timeout(60)
class RedisInterruptionsIT extends OwnServers {
  private static final byte[] LARGE = new byte[20 << 20];

  private RedisServer start(boolean tls) {
    RedisServer.Builder builder = RedisServer.builder();
    return owned((tls ? builder.tls() : builder).start());
  }

  private static void signal(String signal, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void anInterruptEndsTheWaitForAnAnswer(boolean tls) throws Exception {
    RedisServer server = start(tls);
    KeyValueStore store = registry.open(server.url("timeout=10m", "sweep=off"));
    store.set("k", OLD);
    store.get("k");
    String pid = server.command("INFO", "server").replaceAll("(?s).*process_id:(\\d+).*", "$1");
    signal("-STOP", pid);

    Throwable write = interrupted(() -> store.set("k", NEW));
    Throwable read = interrupted(() -> store.get("k"));
    signal("-CONT", pid);

    assertThat(write)
        .hasMessageContaining("interrupted while waiting for an answer")
        .asInstanceOf(type(NadbConnectionException.class))
        .matches(NadbConnectionException::inDoubt);
    assertThat(read) // It makes a new connection, which has to be encrypted, or greeted.
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("interrupted while waiting for a connection");
    assertThat(text(store, "k")).isPresent();
    store.set("k", NEW);
    assertThat(text(store, "k")).contains("new");
  }

  @Test
  void whoIsInterruptedAndAnsweredSoonIsAnswered() {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore store = registry.open(server.url("sweep=off"));
    Thread.currentThread().interrupt();
    try {
      store.set("k", NEW);
      assertThat(text(store, "k")).contains("new");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptEndsSending(boolean tls) throws Exception {
    RedisProxy proxy = owned(RedisProxy.to(start(tls)));
    KeyValueStore store = registry.open(proxy.url("timeout=10m", "sweep=off"));
    store.set("k", OLD);
    Stop stop = new Stop(proxy);
    Call write = new Call(() -> store.set("k", LARGE));
    stop.await();

    write.thread.interrupt();
    assertThat(write.thrown.get())
        .hasMessageContaining("interrupted")
        .asInstanceOf(type(NadbConnectionException.class))
        .matches(NadbConnectionException::inDoubt);
    stop.end();
    assertThat(text(store, "k")).as("only half of it went").contains("old");
  }

  @Test
  void anInterruptEndsAHandshake() throws Exception {
    RedisProxy proxy = owned(RedisProxy.to(start(true)));
    KeyValueStore store = registry.open(proxy.url("timeout=10m", "sweep=off"));
    store.set("k", OLD);
    proxy.cut();
    Stop stop = new Stop(proxy);
    Call read = new Call(() -> store.get("k"));
    stop.await();

    read.thread.interrupt();
    assertThat(read.thrown.get())
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("interrupted while waiting for a connection");
    stop.end();
    store.set("k", NEW);
    assertThat(text(store, "k")).contains("new");
  }

  /** To a server that takes no more connections, and says nothing. */
  @Test
  void anInterruptEndsConnecting() throws Exception {
    ServerSocket full = owned(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    fill(full);

    Throwable open =
        interrupted(
            () -> registry.open("nadb:redis://127.0.0.1:" + full.getLocalPort() + "?timeout=10m"));
    assertThat(open)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("interrupted while waiting for a connection");
  }

  private void fill(ServerSocket server) throws IOException {
    while (true) {
      try {
        owned(new Socket()).connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closingTheStoreEndsSending(boolean tls) throws Exception {
    RedisProxy proxy = owned(RedisProxy.to(start(tls)));
    KeyValueStore store = registry.open(proxy.url("timeout=10m", "sweep=off"));
    store.set("k", OLD);
    Stop stop = new Stop(proxy);
    Call write = new Call(() -> store.set("k", LARGE));
    stop.await();

    store.close();
    assertThat(write.thrown.get()).isInstanceOf(IllegalStateException.class);
    stop.end();
  }

  @Test
  void closingTheStoreEndsAHandshake() throws Exception {
    RedisProxy proxy = owned(RedisProxy.to(start(true)));
    KeyValueStore store = registry.open(proxy.url("timeout=10m", "sweep=off"));
    store.set("k", OLD);
    proxy.cut();
    Stop stop = new Stop(proxy);
    Call read = new Call(() -> store.get("k"));
    stop.await();

    store.close();
    assertThat(read.thrown.get()).isInstanceOf(IllegalStateException.class);
    stop.end();
  }

  /** A network that stops at the next request, whatever it is, and closes nothing. */
  private static final class Stop {
    private final CountDownLatch come = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    Stop(RedisProxy proxy) {
      proxy.onRequest("", this::stop);
    }

    private void stop() {
      come.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void await() throws InterruptedException {
      come.await();
    }

    void end() {
      over.countDown();
    }
  }

  /** A call on a thread of its own. */
  private static final class Call {
    final CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    final Thread thread;

    Call(Runnable call) {
      thread = new Thread(() -> thrown.complete(thrownBy(call)));
      thread.start();
    }

    private static Throwable thrownBy(Runnable call) {
      try {
        call.run();
        return new AssertionError("it came back");
      } catch (IllegalStateException e) {
        return e;
      } catch (RuntimeException e) {
        return Thread.currentThread().isInterrupted() ? e : new AssertionError("forgotten", e);
      }
    }
  }

  /** What a call throws in a thread that is interrupted, before it waits or while it does. */
  private static Throwable interrupted(Runnable action) throws Exception {
    Call call = new Call(action);
    call.thread.interrupt();
    return call.thrown.get();
  }
}
