package io.nadb.kotlin

import com.fasterxml.jackson.annotation.JsonProperty
import io.nadb.ConflictException
import io.nadb.KeyValueStore
import io.nadb.SetOptions
import io.nadb.codec.Codec
import io.nadb.codec.JacksonCodec
import io.nadb.junit.NadbStore
import io.nadb.testing.ShownCode
import io.nadb.testkit.VirtualTime
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test

/** The extensions, and what docs/kotlin.md shows of them. */
class ExtensionsTest {
  @NadbStore(with = ["flush=off"]) private lateinit var store: KeyValueStore

  data class User(
      @param:JsonProperty("name") val name: String,
      @param:JsonProperty("age") val age: Int,
  )

  private fun text(bytes: ByteArray?): String? = bytes?.decodeToString()

  @Test
  fun thePageShowsWhatIsRunHere() {
    val test = Path.of("src/test/kotlin/io/nadb/kotlin/ExtensionsTest.kt")

    assertThat(ShownCode.notIn(Path.of("../docs/kotlin.md"), test)).isEmpty()
  }

  @Test
  fun theFirstLinesOfThePage() {
    store["user:1"] = "Ada".encodeToByteArray()
    store.set("otp:1", "4711".encodeToByteArray(), ttl(30.seconds).withTags("auth"))

    val ada = store.getOrNull("user:1")?.decodeToString()
    val sequence = store.set("user:2", "Grace".encodeToByteArray())
    store.computeOrNull("visits") { ((it?.decodeToString()?.toInt() ?: 0) + 1).toString().encodeToByteArray() }

    assertThat(ada).isEqualTo("Ada")
    assertThat(sequence).isEqualTo(3)
    assertThat("otp:1" in store.keys("")).isTrue()
    assertThat(text(store.getOrNull("visits"))).isEqualTo("1")
  }

  @Test
  fun theTypedLinesOfThePage() {
    val users = store.typed<User> { JacksonCodec.of(it) }

    users["ada"] = User("Ada", 36)
    val ada: User? = users.getOrNull("ada")

    assertThat(ada).isEqualTo(User("Ada", 36))
    assertThat(users.getOrNull("grace")).isNull()
    users.store().transaction { transaction ->
      assertThat(users.within(transaction).getOrNull("ada")).isEqualTo(User("Ada", 36))
      assertThat(users.within(transaction).getOrNull("grace")).isNull()
    }
  }

  @Test
  fun theSuspendingLinesOfThePage() {
    runBlocking {
      save(store)
    }

    assertThat(store.stats().durableSequence()).isEqualTo(store.stats().sequence())
    assertThat(text(store.getOrNull("to"))).isEqualTo("1")
  }

  suspend fun save(store: KeyValueStore) {
    store["from"] = "1".encodeToByteArray()
    val moved = store.awaitTransaction { transaction ->
      val value = transaction.getOrNull("from")
      if (value != null) {
        transaction["to"] = value
        transaction.delete("from")
      }
      value != null
    }
    if (moved) {
      store.awaitFlush()
    }
  }

  @Test
  fun whatIsNotThereIsNull() {
    store.set("k", "v".encodeToByteArray(), SetOptions.tags("t"))

    assertThat(text(store.getOrNull("k"))).isEqualTo("v")
    assertThat(store.getOrNull("gone")).isNull()
    assertThat(text(store.entryOrNull("k")?.value())).isEqualTo("v")
    assertThat(store.entryOrNull("gone")).isNull()
    assertThat(store.metadataOrNull("k")?.tags()).containsExactly("t")
    assertThat(store.metadataOrNull("gone")).isNull()
    store.snapshot().use {
      store.delete("k")
      assertThat(text(it.getOrNull("k"))).isEqualTo("v")
      assertThat(it.getOrNull("gone")).isNull()
    }
  }

  @Test
  fun aFunctionThatMakesNullRemovesTheEntry() {
    assertThat(text(store.computeOrNull("k") { "v".encodeToByteArray() })).isEqualTo("v")
    assertThat(store.computeOrNull("k") { null }).isNull()
    assertThat(store.contains("k")).isFalse()
  }

  @Test
  fun durationsAreKotlins(time: VirtualTime) {
    store.set("a", "v".encodeToByteArray(), SetOptions.tags("t").withTtl(30.seconds))
    store.set("b", "v".encodeToByteArray(), ttl(30.seconds))
    store["c"] = "v".encodeToByteArray()
    assertThat(store.touch("c", 1.minutes)).isTrue()
    assertThat(store.touch("gone", 1.minutes)).isFalse()

    time.advance(30.seconds.toJavaDuration())
    assertThat(store.keys("")).containsExactly("c")
    time.advance(30.seconds.toJavaDuration())
    assertThat(store.keys("")).isEmpty()
    assertThatThrownBy { ttl(Duration.ZERO) }.isInstanceOf(IllegalArgumentException::class.java)
  }

  @Test
  fun aTypedViewHasTheCodecForItsType() {
    val asked = mutableListOf<Class<*>>()
    val strings =
        store.typed<String> {
          asked += it
          Codec.strings()
        }
    strings["k"] = "v"

    assertThat(asked).containsExactly(String::class.java)
    assertThat(strings.getOrNull("k")).isEqualTo("v")
  }

  @Test
  fun aFlushIsAwaited() = runBlocking<Unit> {
    store["k"] = "v".encodeToByteArray()
    store.awaitFlush()

    assertThat(store.stats().bufferedKeys()).isZero()
  }

  @Test
  fun whoWaitsForAWriteIsResumedByItsFlush() = runBlocking<Unit> {
    val sequence = store.set("k", "v".encodeToByteArray())
    assertThat(store.awaitDurable(sequence, Duration.ZERO)).isFalse()
    val durable = async { store.awaitDurable(sequence, 1.minutes) }
    store.flush()

    assertThat(durable.await()).isTrue()
  }

  @Test
  fun whoWaitsForAWriteCanBeCancelled() = runBlocking<Unit> {
    val sequence = store.set("k", "v".encodeToByteArray())
    val waiting = async { store.awaitDurable(sequence, 1.minutes) }
    waiting.cancelAndJoin()

    assertThat(waiting.isCancelled).isTrue()
    assertThat(store.stats().bufferedKeys()).isEqualTo(1)
  }

  @Test
  fun aCommitIsAwaitedAndConflictsAsEver() = runBlocking<Unit> {
    store.begin().use {
      it["k"] = "v".encodeToByteArray()
      assertThat(it.awaitCommit()).isEqualTo(1)
    }
    store.begin().use {
      it.getOrNull("k")
      it["other"] = "v".encodeToByteArray()
      store["k"] = "w".encodeToByteArray()
      assertThatThrownBy { runBlocking { it.awaitCommit() } }
          .isInstanceOf(ConflictException::class.java)
    }
  }
}
