package io.nadb.testkit.contract;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@code nadb:fs:} keeps the contract, whichever of its ways it goes. */
class FsContractTest {

  /** With maps of its files and a metadata database. */
  @Nested
  class WithDefaults extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}";
    }
  }

  /** Record by record, as when the files are larger than memory. */
  @Nested
  class BeyondMemory extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?memory=0b";
    }
  }

  @Nested
  class WithoutMetadata extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?metadata=none";
    }
  }

  @Nested
  class Compressed extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?compression=zstd&metadata=none";
    }
  }

  /** In segments that are soon full, so that most tests begin a few and many compact some. */
  @Nested
  class InSmallSegments extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?segment=64kb&metadata=none";
    }
  }

  /** With all of an hour kept, whatever compaction may do meanwhile. */
  @Nested
  class WithHistory extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?segment=64kb&history=1h&metadata=none";
    }
  }

  /** By callers who do not wait, on their own thread where nothing has to be waited for. */
  @Nested
  class Asynchronous extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?metadata=none";
    }

    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }

  @Test
  void itKeepsItForWhoDoesNotWaitForTheDisk() {
    Contracts.assertKept(AsynchronousBeyondMemory.class, List.of(Capability.REMOVALS));
  }

  /** Writes that the operating system has, or the disk, when they return. */
  @Test
  void itKeepsItWithoutABufferThatWritesWaitIn() {
    Contracts.assertKept(Written.class, Contracts.WITHOUT_BUFFER);
    Contracts.assertKept(Synced.class, Contracts.WITHOUT_BUFFER);
    Contracts.assertKept(AsynchronousSynced.class, Contracts.WITHOUT_BUFFER);
  }

  static class Written extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?durability=written&metadata=none";
    }

    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.complementOf(EnumSet.copyOf(Contracts.WITHOUT_BUFFER));
    }
  }

  static class Synced extends Written {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?durability=synced&metadata=none";
    }
  }

  static class AsynchronousSynced extends Synced {
    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }

  /** By callers who do not wait, on threads of the store, since the disk is to be read. */
  static class AsynchronousBeyondMemory extends StoreContract {
    @Override
    protected String url() {
      return "nadb:fs:{dir}?memory=0b&metadata=none";
    }

    /** Listeners are told after who has called, and the tests of them expect it to be before. */
    @Override
    protected Set<Capability> capabilities() {
      return EnumSet.complementOf(EnumSet.of(Capability.REMOVALS));
    }

    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }
}
