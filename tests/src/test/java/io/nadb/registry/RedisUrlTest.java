package io.nadb.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.NadbConnectionException;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.NadbUrlException;
import io.nadb.OptionDescription;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URLs of stores on Redis, as far as no server is needed to find out what is wrong. */
class RedisUrlTest {
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());

  @TempDir private Path directory;

  @AfterEach
  void close() {
    registry.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nadb:redis:data                          | No host
          nadb:redis://h/x                         | is no number of a Redis database
          nadb:redis://h/0/1                       | is no number of a Redis database
          nadb:redis://a,b                         | A cluster is written nadb:redis-cluster://
          nadb:rediss://a,b                        | A cluster is written nadb:rediss-cluster://
          nadb:redis://a,b                         | sentinels nadb:redis-sentinel://
          nadb:redis-cluster://a/1                 | A Redis Cluster has the database 0 only
          nadb:redis-sentinel://a,b                | Write nadb:redis-sentinel://sentinel:26379/mymaster
          nadb:redis-sentinel://a/                 | No master
          nadb:redis-sentinel://a/m/x              | is no number of a Redis database
          nadb:redis-sentinel://a/m?sentinel-tls=on | Unknown option 'sentinel-tls'
          nadb:redis://h?sentinel-user=x           | Unknown option 'sentinel-user'
          nadb:redis://h?connection-age=0s         | out of range, expected 1s to 365d
          nadb:redis://h?durability=synced         | 'durability' can't be synced on Redis
          nadb:redis://h?buffer=off&flush=5s       | 'flush' contradicts 'buffer'
          nadb:redis://h?spool=./s&buffer=off      | 'spool' contradicts 'buffer'
          nadb:redis://h?spool=./s&durability=buffered | 'durability' contradicts 'spool'
          nadb:redis-cluster://h?spool=./s         | Option 'spool' is not for a cluster
          nadb:redis://h?spool=~/s                 | as it is, and not '~/s'
          nadb:redis://h?spool=                    | Write the whole path, or ./spool
          nadb:fs:./data?spool=./s                 | Unknown option 'spool'
          nadb:redis://h?partitions=3              | expected 1, 2, 4 and so on up to 1024
          nadb:redis://h?partitions=2048           | expected 1, 2, 4 and so on up to 1024
          nadb:redis://h?connections=0             | expected a whole number from 1 to 1000
          nadb:redis://h?trust-store=x             | Unknown option 'trust-store'
          nadb:redis://h?compression=zlib          | Unknown option 'compression'
          nadb:fs:./data?buffer=off                | expected a size
          """)
  void aUrlThatCannotBeIsRefused(String url, String message) {
    assertThatThrownBy(() -> registry.open(url))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aPasswordComesFromOnePlace() throws IOException {
    Path file = Files.writeString(directory.resolve("password"), "hunter2\n");

    assertThatThrownBy(() -> registry.open("nadb:redis://:hunter3@h?password-file=" + file))
        .isInstanceOf(NadbUrlException.class)
        .hasMessageContaining("Two passwords")
        .hasMessageNotContaining("hunter");
    assertThatThrownBy(() -> registry.open("nadb:redis://h?password-file=" + file + "x"))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("can't read the file of option password-file");
    Files.writeString(file, "\nhunter2");
    assertThatThrownBy(() -> registry.open("nadb:redis://h?password-file=" + file))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("the first line of the file is empty");
  }

  @Test
  void aTrustStoreThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> registry.open("nadb:rediss://127.0.0.1?trust-store=" + directory + "/none"))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("can't read the trust store " + directory);
  }

  @Test
  void whereNobodyListensTheErrorSaysWhere() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    assertThatThrownBy(() -> registry.open("nadb:redis://user:hunter2@127.0.0.1:" + port))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> registry.open("nadb:redis-cluster://127.0.0.1:" + port))
        .isInstanceOf(NadbConnectionException.class);
  }

  @Test
  void theBufferIsOffByDefault() {
    assertThat(NadbDriverManager.describe("nadb:redis://h"))
        .filteredOn(option -> option.name().equals("buffer"))
        .extracting(OptionDescription::value)
        .containsExactly(Optional.of("off"));
    assertThat(NadbDriverManager.describe("nadb:fs:./data"))
        .filteredOn(option -> option.name().equals("buffer"))
        .extracting(OptionDescription::value)
        .containsExactly(Optional.of("1mb"));
  }

  @Test
  void aDefaultThatDependsOnAnotherOptionIsToldAsItHolds() {
    assertThat(described("nadb:redis://h?flush=1s", "buffer")).contains("1mb");
    assertThat(described("nadb:redis://h?flush=1s", "durability")).contains("buffered");
    assertThat(described("nadb:redis://h?spool=s", "buffer")).contains("1mb");
    assertThat(described("nadb:redis://h?spool=s", "durability")).contains("written");
    assertThat(described("nadb:redis://h?spool=s&durability=synced", "durability"))
        .contains("synced");
    assertThat(described("nadb:redis://h?spool=s&buffer=2mb", "buffer")).contains("2mb");
  }

  private static Optional<String> described(String url, String name) {
    return NadbDriverManager.describe(url).stream()
        .filter(option -> option.name().equals(name))
        .findFirst()
        .flatMap(OptionDescription::value);
  }
}
