package io.nadb.samples.kotlin

import com.fasterxml.jackson.annotation.JsonProperty
import io.nadb.KeyValueStore
import io.nadb.codec.JacksonCodec
import io.nadb.kotlin.awaitFlush
import io.nadb.kotlin.awaitTransaction
import io.nadb.kotlin.getOrNull
import io.nadb.kotlin.ttl
import io.nadb.kotlin.typed
import io.nadb.kotlin.within
import kotlin.time.Duration.Companion.minutes

/** What somebody has written down. */
public data class Note(
    @param:JsonProperty("title") val title: String,
    @param:JsonProperty("text") val text: String,
)

/** Notes in a store: drafts that are forgotten after a while, and published ones that stay. */
public class Notebook(private val store: KeyValueStore) {
  private val notes = store.typed<Note> { JacksonCodec.of(it) }

  /** Keeps a draft for ten minutes from now; buffered, so it waits for nothing. */
  public fun draft(id: String, note: Note) {
    notes.set("draft:$id", note, ttl(10.minutes))
  }

  /** Publishes a draft and resumes when that is on the disk; returns null if there is none. */
  public suspend fun publish(id: String): Note? {
    val published =
        store.awaitTransaction { transaction ->
          val within = notes.within(transaction)
          within.getOrNull("draft:$id")?.also {
            within.set("note:$id", it)
            transaction.delete("draft:$id")
          }
        }
    store.awaitFlush()
    return published
  }

  public operator fun get(id: String): Note? = notes.getOrNull("note:$id")

  public operator fun contains(id: String): Boolean = notes.contains("note:$id")
}
