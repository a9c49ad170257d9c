/** NADB as Kotlin has it: nulls for what is not there, its durations, and calls that suspend. */
@file:JvmName("Extensions")

package io.nadb.kotlin

import io.nadb.Entry
import io.nadb.EntryMetadata
import io.nadb.KeyValueStore
import io.nadb.SetOptions
import io.nadb.Snapshot
import io.nadb.Transaction
import io.nadb.codec.Codec
import io.nadb.codec.TypedStore
import io.nadb.codec.TypedTransaction
import java.util.Optional
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext

/**
 * Returns a copy of the key's value, or null if there is no such key.
 *
 * @since 0.1.0
 */
public fun KeyValueStore.getOrNull(key: String): ByteArray? = get(key).orElse(null)

/**
 * Returns the key's entry, metadata and value of one moment, or null if there is none.
 *
 * @since 0.1.0
 */
public fun KeyValueStore.entryOrNull(key: String): Entry? = entry(key).orElse(null)

/**
 * Returns what is known of the key's entry besides its value, or null if there is none.
 *
 * @since 0.1.0
 */
public fun KeyValueStore.metadataOrNull(key: String): EntryMetadata? = metadata(key).orElse(null)

/**
 * Replaces a value by what a function makes of it, where null is no entry: [KeyValueStore.compute].
 * The function runs again if somebody else has written meanwhile, so it should only compute.
 *
 * @return what the function has returned when its value was written
 * @since 0.1.0
 */
public fun KeyValueStore.computeOrNull(
    key: String,
    function: (ByteArray?) -> ByteArray?,
): ByteArray? =
    compute(key) { before -> Optional.ofNullable(function(before.orElse(null))) }.orElse(null)

/**
 * Gives an entry a TTL that begins now, in place of the one that it has, if any.
 *
 * @return whether there is such a key
 * @throws IllegalArgumentException if [ttl] is zero or negative
 * @since 0.1.0
 */
public fun KeyValueStore.touch(key: String, ttl: Duration): Boolean =
    touch(key, ttl.toJavaDuration())

/**
 * Options with a TTL and nothing else.
 *
 * @throws IllegalArgumentException if [ttl] is zero or negative
 * @since 0.1.0
 */
public fun ttl(ttl: Duration): SetOptions = SetOptions.ttl(ttl.toJavaDuration())

/**
 * Returns these options with a TTL.
 *
 * @throws IllegalArgumentException if [ttl] is zero or negative
 * @since 0.1.0
 */
public fun SetOptions.withTtl(ttl: Duration): SetOptions = withTtl(ttl.toJavaDuration())

/**
 * Returns a copy of the key's value at the snapshot's moment, or null if there was no such key.
 *
 * @since 0.1.0
 */
public fun Snapshot.getOrNull(key: String): ByteArray? = get(key).orElse(null)

/**
 * Returns a copy of the key's value as the transaction sees it, or null if there is no such key.
 *
 * @since 0.1.0
 */
public fun Transaction.getOrNull(key: String): ByteArray? = get(key).orElse(null)

/**
 * A view of the store by a codec that is made for a type: `store.typed<User> { JacksonCodec.of(it) }`.
 *
 * @since 0.1.0
 */
public inline fun <reified V : Any> KeyValueStore.typed(codec: (Class<V>) -> Codec<V>):
    TypedStore<V> = TypedStore.of(this, codec(V::class.java))

/**
 * Returns the key's value, or null if there is no such key.
 *
 * @throws io.nadb.codec.CodecException if it is not in a format that the view reads
 * @since 0.1.0
 */
public fun <V : Any> TypedStore<V>.getOrNull(key: String): V? = get(key).orElse(null)

/**
 * This view of what a transaction sees: [TypedStore.in], whose name is a word of Kotlin.
 *
 * @since 0.1.0
 */
public fun <V : Any> TypedStore<V>.within(transaction: Transaction): TypedTransaction<V> =
    `in`(transaction)

/**
 * Returns the key's value as the transaction sees it, or null if there is no such key.
 *
 * @throws io.nadb.codec.CodecException if it is not in a format that the view reads
 * @since 0.1.0
 */
public fun <V : Any> TypedTransaction<V>.getOrNull(key: String): V? = get(key).orElse(null)

/**
 * Makes everything written before this call durable, and resumes when it is: [KeyValueStore.flush]
 * on a thread that may wait for a disk. A coroutine that is cancelled goes on only after the flush.
 *
 * @throws io.nadb.NadbException if the backend refuses; the buffer keeps what it holds
 * @since 0.1.0
 */
public suspend fun KeyValueStore.awaitFlush(): Unit = withContext(Dispatchers.IO) { flush() }

/**
 * Suspends until a write is durable, which it does not cause. Cancelling the coroutine ends it.
 *
 * @param sequence what `set` returned since the location was opened
 * @return whether the write is durable; false if [timeout] passed first
 * @since 0.1.0
 */
public suspend fun KeyValueStore.awaitDurable(sequence: Long, timeout: Duration): Boolean =
    runInterruptible(Dispatchers.IO) { awaitDurable(sequence, timeout.toJavaDuration()) }

/**
 * Runs a function as a transaction on a thread that may wait, as `durability=synced` and servers
 * make it: [KeyValueStore.transaction], with all that is said there of the function, which may run
 * again, and so does not suspend. A coroutine that is cancelled goes on only after the transaction,
 * whose writes may have been made.
 *
 * @return what the function has returned
 * @throws io.nadb.ConflictException if somebody else was always faster
 * @since 0.1.0
 */
public suspend fun <T> KeyValueStore.awaitTransaction(body: (Transaction) -> T): T =
    withContext(Dispatchers.IO) { transaction { body(it) } }

/**
 * Commits on a thread that may wait for a disk or a server: [Transaction.commit]. A coroutine that is
 * cancelled goes on only after the commit.
 *
 * @return the number of the transaction's last write
 * @throws io.nadb.ConflictException if something has changed that it has read
 * @since 0.1.0
 */
public suspend fun Transaction.awaitCommit(): Long = withContext(Dispatchers.IO) { commit() }
