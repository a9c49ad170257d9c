package io.nadb.samples.kotlin

import io.nadb.KeyValueStore
import io.nadb.junit.NadbStore
import io.nadb.testkit.VirtualTime
import java.time.Duration
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test

/** Is my note safe when the call has returned, and is a draft forgotten in time? */
class NotebookTest {
  @NadbStore(with = ["flush=off"]) private lateinit var store: KeyValueStore

  private val note = Note("Analytical Engine", "It weaves patterns.")

  @Test
  fun whatIsPublishedIsOnTheDisk() = runBlocking<Unit> {
    val notebook = Notebook(store)
    notebook.draft("1", note)
    assertThat("1" in notebook).isFalse()

    assertThat(notebook.publish("1")).isEqualTo(note)
    assertThat(notebook["1"]).isEqualTo(note)
    assertThat(store.stats().bufferedKeys()).isZero()
    assertThat(notebook.publish("1")).isNull()
  }

  @Test
  fun aDraftIsForgottenAfterTenMinutes(time: VirtualTime) = runBlocking<Unit> {
    val notebook = Notebook(store)
    notebook.draft("1", note)
    time.advance(Duration.ofMinutes(10))

    assertThat(notebook.publish("1")).isNull()
    assertThat("1" in notebook).isFalse()
  }
}
