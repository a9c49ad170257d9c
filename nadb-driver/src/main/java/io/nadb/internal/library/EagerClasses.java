package io.nadb.internal.library;

import java.util.List;

/**
 * The classes that a store must have whatever happens, made ready before the first store opens.
 *
 * <p>A class is initialized when it is first used, and if that fails once, for want of memory say,
 * the JVM refuses that class for the rest of its life: no flush would ever succeed again, however
 * much memory there is then. So none of them is left for a moment when memory may be short.
 */
public final class EagerClasses {
  /** All of this library's that have something to initialize, but for what is optional. */
  static final List<String> OF_EVERY_STORE =
      List.of(
          "ChangeKind",
          "Durability",
          "FlushCause",
          "KeyOrder",
          "Query$Order",
          "RemovalCause",
          "SetOptions",
          "StoreCapability",
          "StoreState",
          "SystemTimeSource",
          "copy.CopyPass",
          "copy.CopyProgress$Phase",
          "feed.ChangeFeed",
          "repair.Finding$Kind",
          "repair.SalvagedKeys$Kind",
          "internal.backup.BackupFolder",
          "internal.backup.BackupMaker",
          "internal.backup.Restoration",
          "internal.codec.Codec",
          "internal.driver.FsDriver",
          "internal.driver.RedisDriver",
          "internal.driver.RedisDriver$Kind",
          "internal.failure.Reason",
          "internal.jfr.QuietSpan",
          "internal.jfr.Recordings",
          "internal.jfr.Span",
          "internal.lock.Claim",
          "internal.lock.Claim$1",
          "internal.lock.DirectoryLock",
          "internal.lock.DirectoryOwner$1",
          "internal.lock.LockFile",
          "internal.lock.Processes$Life",
          "internal.lock.SharedDisks",
          "internal.log.append.HintFollower",
          "internal.log.append.LogEnd",
          "internal.log.format.CutWriter",
          "internal.log.format.LogFiles",
          "internal.log.format.SegmentFormat",
          "internal.log.format.SegmentHeader",
          "internal.log.index.IndexPartition",
          "internal.log.index.KeyIndex$Moved",
          "internal.log.maintenance.CompactionRun",
          "internal.log.maintenance.Compactor",
          "internal.log.maintenance.HintWriter",
          "internal.log.maintenance.Projection",
          "internal.log.query.OrderedKeyIndex",
          "internal.log.query.SortedPositions",
          "internal.log.query.TagSearch",
          "internal.log.recovery.DirectoryNames",
          "internal.log.recovery.Recovery",
          "internal.log.recovery.SegmentProbe",
          "internal.log.segment.HintFile",
          "internal.log.segment.MappedFile",
          "internal.log.segment.Moment$Age",
          "internal.log.segment.PositionedFile",
          "internal.log.segment.WitnessFile",
          "internal.metadata.KeyValueMetadata",
          "internal.metadata.Progress",
          "internal.metadata.Schema",
          "internal.registry.NadbRegistry",
          "internal.registry.OpenerIdentity",
          "internal.registry.OpenerIdentity$Digest",
          "internal.registry.ShutdownHook",
          "internal.registry.StoreNames",
          "internal.store.BackgroundWork",
          "internal.store.Bookmark",
          "internal.store.Bounds",
          "internal.store.DurableMark",
          "internal.store.Flusher",
          "internal.store.JournalWriter",
          "internal.store.LastWrites",
          "internal.store.LayeredReader",
          "internal.store.LayeredReader$Latest",
          "internal.store.LayeredReader$Version",
          "internal.store.OpenFeeds",
          "internal.store.Overlay",
          "internal.store.Question",
          "internal.store.RemovalFeed",
          "internal.store.RemovalListeners",
          "internal.store.Snapshots",
          "internal.store.StoreHandle",
          "internal.store.SweepPlan",
          "internal.sync.SyncFigures",
          "internal.sync.SyncThread",
          "internal.url.Authority",
          "internal.url.AuthorityParser",
          "internal.url.Buffering",
          "internal.url.HistoryLimits",
          "internal.url.Metadata",
          "internal.url.OptionNames",
          "internal.url.Redaction",
          "internal.url.ShownNamespace",
          "internal.url.ShutdownAction",
          "internal.url.StandardOptions",
          "internal.url.StoreAccess",
          "internal.url.TextDecoder",
          "internal.url.UrlParser",
          "internal.watch.StoreProbe",
          "internal.watch.WatchPoints",
          "spi.Change$Outcome",
          "spi.Change$Presence",
          "spi.Commit$Version",
          "spi.Option",
          "spi.Quantity",
          "spi.Selection$Order",
          "spi.StorageBackend$Load",
          "spi.StorageBackend$Progress",
          "spi.SystemStorageIo");

  static final List<String> OF_REDIS =
      List.of(
          "internal.redis.Changes",
          "internal.redis.Clearance",
          "internal.redis.Commits",
          "internal.redis.Dispatcher",
          "internal.redis.Dispatcher$Access",
          "internal.redis.Encryption",
          "internal.redis.Entries",
          "internal.redis.Evictions",
          "internal.redis.Expiries",
          "internal.redis.Fetches$Fetched",
          "internal.redis.Line",
          "internal.redis.Listing",
          "internal.redis.Load$Turn",
          "internal.redis.LostFormat",
          "internal.redis.Rebuild",
          "internal.redis.RedisQueries",
          "internal.redis.Request",
          "internal.redis.Script",
          "internal.redis.SentinelWatch",
          "internal.redis.ServerClock",
          "internal.redis.ServerListener",
          "internal.redis.Spools",
          "internal.redis.TagCounts",
          "internal.redis.Tracking",
          "internal.redis.Writes",
          "internal.spool.Forwarding",
          "internal.spool.JournalFiles",
          "internal.spool.JournalReader",
          "internal.spool.Mark",
          "internal.spool.Order",
          "internal.spool.SpoolJournal",
          "internal.spool.SpooledBackend");

  /** What a first flush has the JDK initialize; a JDK that lacks one has no need of it. */
  private static final List<String> OF_THE_JDK =
      List.of(
          "java.lang.ClassNotFoundException",
          "java.lang.ClassValue",
          "java.lang.ClassValue$ClassValueMap",
          "java.lang.ClassValue$Entry",
          "java.lang.invoke.DirectMethodHandle$EnsureInitialized",
          "java.lang.invoke.MethodHandleImpl$2",
          "java.lang.invoke.MethodHandleImpl$ArrayAccess",
          "java.lang.invoke.MethodHandleImpl$ArrayAccessor",
          "java.lang.invoke.MethodHandleImpl$Makers",
          "java.lang.invoke.VarHandleByteArrayAsShorts$ArrayHandle",
          "java.lang.invoke.VarHandleReferences$Array",
          "java.lang.runtime.ObjectMethods",
          "java.nio.channels.FileChannel$MapMode",
          "java.util.Collections$CopiesList",
          "java.util.ImmutableCollections$SubList",
          "java.util.concurrent.ForkJoinTask",
          "java.util.concurrent.atomic.AtomicReferenceArray",
          "java.util.concurrent.locks.AbstractQueuedSynchronizer$Node",
          "java.util.concurrent.locks.LockSupport",
          "java.util.stream.LongPipeline$StatelessOp",
          "java.util.stream.Nodes$LongFixedNodeBuilder",
          "jdk.internal.misc.ExtendedMapMode",
          "sun.invoke.util.ValueConversions",
          "sun.nio.ch.FileChannelImpl$Unmapper");

  private EagerClasses() {}

  /** Initializes what every store needs, as far as it is not initialized yet. */
  public static void initialize() {
    initializeOwn(OF_EVERY_STORE);
    OF_THE_JDK.forEach(EagerClasses::initialize);
  }

  /** Initializes what stores on Redis need besides. */
  public static void initializeForRedis() {
    initializeOwn(OF_REDIS);
  }

  private static void initializeOwn(List<String> names) {
    String here = EagerClasses.class.getPackageName(); // Whatever it was renamed to when shaded.
    String root = here.substring(0, here.length() - "internal.library".length());
    names.forEach(name -> initialize(root + name));
  }

  @SuppressWarnings("EmptyCatch")
  private static void initialize(String name) {
    try {
      Class.forName(name, true, EagerClasses.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // What is missing or broken is so for whoever needs it, who says so where it matters.
    }
  }
}
