package io.nadb.jcache;

import io.nadb.NadbException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/** How a cache runs entry processors: as atomic steps on their keys. */
final class EntryProcessing<K, V> {
  private final Region<K, V> region;
  private final ReadThrough<K, V> loader;
  private final WriteThrough<K, V> writer;
  private final CacheStatistics statistics;
  private final TypeCheck<K, V> types;

  EntryProcessing(
      Region<K, V> region,
      ReadThrough<K, V> loader,
      WriteThrough<K, V> writer,
      CacheStatistics statistics,
      TypeCheck<K, V> types) {
    this.region = region;
    this.loader = loader;
    this.writer = writer;
    this.statistics = statistics;
    this.types = types;
  }

  <T> @Nullable T invoke(K key, EntryProcessor<K, V, T> processor, Object... arguments) {
    long start = statistics.start();
    Processed<T> processed =
        region.change(
            key,
            slot -> {
              ProcessedEntry<K, V> entry = new ProcessedEntry<>(slot, loader, types);
              T result = call(processor, entry, arguments);
              return new Processed<>(
                  result, entry.existed(), entry.finish(writer, region.values()));
            });
    statistics.looked(processed.existed, start);
    statistics.put(processed.outcome == ProcessedEntry.Outcome.WRITTEN ? 1 : 0, start);
    statistics.removed(processed.outcome == ProcessedEntry.Outcome.REMOVED ? 1 : 0, start);
    return processed.result;
  }

  private <T> @Nullable T call(
      EntryProcessor<K, V, T> processor, ProcessedEntry<K, V> entry, Object... arguments) {
    try {
      return processor.process(entry, arguments);
    } catch (CacheException | NadbException e) {
      // A store's exception has to reach its transaction.
      throw e;
    } catch (RuntimeException e) {
      throw new EntryProcessorException(
          "the entry processor " + processor.getClass().getName() + " failed: " + e, e);
    }
  }

  <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> processor, Object... arguments) {
    Map<K, EntryProcessorResult<T>> results = new HashMap<>();
    for (K key : keys) {
      try {
        T result = invoke(key, processor, arguments);
        if (result != null) {
          results.put(key, () -> result);
        }
      } catch (RuntimeException e) {
        results.put(key, failed(e));
      }
    }
    return results;
  }

  private static <T> EntryProcessorResult<T> failed(RuntimeException failure) {
    return () -> {
      throw failure instanceof EntryProcessorException
          ? failure
          : new EntryProcessorException(failure);
    };
  }

  /** What a processor has returned, and done. */
  private record Processed<T>(
      @Nullable T result, boolean existed, ProcessedEntry.Outcome outcome) {}
}
