package io.nadb.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read as an address, and what is said of one that nobody answers at. */
class JmxAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost:9010", "10.0.0.7:1", "db-1.example.com:65535", "[::1]:9010"})
  void aHostAndAPortAreAnAddress(String text) throws Exception {
    JmxAddress address = JmxAddress.parse(text).orElseThrow();
    assertThat(address).hasToString(text);
    assertThat(address.url().getURLPath()).isEqualTo("/jndi/rmi://" + text + "/jmxrmi");
  }

  @Test
  void aPidIsNone() {
    assertThat(JmxAddress.parse("4711")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {":9010", "localhost:", "localhost:0", "localhost:65536", "::1:9010", "a/b:1"})
  void whatIsNeitherIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> JmxAddress.parse(text))
        .isInstanceOf(TerminalException.class)
        .hasMessageStartingWith("not a JMX address: " + text)
        .hasMessageContaining("host:port");
  }

  @Test
  void aUrlThatMayHideACredentialIsNotRepeated() {
    assertThatThrownBy(() -> JmxAddress.parse("admin:secret@db:9010"))
        .hasMessageStartingWith("not a JMX address")
        .hasMessageContaining("--user")
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatIsUnreachableSaysWhyAndWhatToDo() {
    IOException failed = new IOException("Failed", new ConnectException("Connection refused"));
    assertThat(new JmxAddress("db", 9010).unreachable(failed))
        .hasMessageContainingAll("db:9010", "Connection refused", "jmxremote.port=9010");
  }
}
