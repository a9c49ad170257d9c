package io.nadb.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.internal.lock.Processes.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of the owner of a directory, for every kind of machine and namespace. */
class ProcessesTest {
  @TempDir private Path temp;
  private FakeProc proc;

  @BeforeEach
  void make() throws IOException {
    proc = new FakeProc(temp.resolve("proc"));
    proc.process(20, "S", 500);
    proc.process(30, "S", 600);
  }

  private ProcessIdentity owner(long pid, String namespace) throws IOException {
    return proc.seenBy(pid, namespace).self();
  }

  private Life seen(ProcessIdentity owner, boolean sharedDisk) throws IOException {
    return proc.seenBy(30, "n1").lifeOf(owner, sharedDisk);
  }

  @Test
  void aProcessKnowsItself() throws IOException {
    ProcessIdentity self = owner(30, "n1");

    assertThat(self.pid()).isEqualTo(30);
    assertThat(self.host()).isEqualTo("here");
    assertThat(self.boot()).isEqualTo("b1");
    assertThat(self.namespaces()).isEqualTo("pid:[n1]");
    assertThat(self.start()).isEqualTo("600");
    assertThat(seen(self, false)).isEqualTo(Life.SELF);
  }

  @Test
  void aNeighbourThatRunsIsAlive() throws IOException {
    assertThat(seen(owner(20, "n1"), false)).isEqualTo(Life.ALIVE);
    assertThat(seen(owner(20, "n1"), true)).isEqualTo(Life.ALIVE);
  }

  @Test
  void aNeighbourThatIsNotThereIsGone() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    proc.end(20);

    assertThat(seen(owner, true)).isEqualTo(Life.GONE);
  }

  @Test
  void anotherProcessWithItsNumberIsNotTheOwner() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    proc.process(20, "S", 501);

    assertThat(seen(owner, true)).isEqualTo(Life.GONE);
  }

  @Test
  void aProcessThatHasBegunAnewWithItsNumberIsNotItself() throws IOException {
    ProcessIdentity former = owner(30, "n1");
    proc.process(30, "S", 601);

    assertThat(seen(former, false)).isEqualTo(Life.GONE);
  }

  @Test
  void aZombieMayHaveThreadsThatRun() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    proc.process(20, "Z", 500);

    assertThat(seen(owner, false)).isEqualTo(Life.UNSEEN);
  }

  @Test
  void whereProcessesAreHiddenNothingIsKnown() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    proc.end(20);
    proc.end(1);

    assertThat(seen(owner, false)).isEqualTo(Life.UNSEEN);
  }

  @Test
  void aProcessThatMayNotBeLookedAtIsUnseen() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    Files.delete(temp.resolve("proc/20/stat"));

    assertThat(seen(owner, false)).isEqualTo(Life.UNSEEN);
  }

  @Test
  void inAnotherContainerTheSameNumberIsAnotherProcess() throws IOException {
    ProcessIdentity owner = owner(1, "n2");
    ProcessIdentity self = owner(1, "n1");

    assertThat(self.isSame(owner)).isFalse();
    assertThat(proc.seenBy(1, "n1").lifeOf(owner, false)).isEqualTo(Life.UNSEEN);
  }

  @Test
  void afterARestartOfTheMachineTheOwnerIsGone() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    proc.boot("b2");

    assertThat(seen(owner, false)).isEqualTo(Life.GONE);
    assertThat(seen(owner, true)).isEqualTo(Life.GONE);
  }

  @Test
  void anOwnerOnAnotherHostCanOnlyLiveIfTheDiskIsShared() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    proc.boot("b2");
    proc.host("there");

    assertThat(seen(owner, true)).isEqualTo(Life.ELSEWHERE);
    assertThat(seen(owner, false)).isEqualTo(Life.GONE);
  }

  @Test
  void anotherHostNameUnderTheSameKernelIsAnotherContainer() throws IOException {
    ProcessIdentity owner = owner(20, "n2");
    proc.host("there");

    assertThat(seen(owner, true)).isEqualTo(Life.UNSEEN);
  }

  @Test
  void theProcessesOfAnotherNamespaceAreNotTakenForOnesOwn() throws IOException {
    ProcessIdentity owner = owner(20, "n1");
    proc.seenBy(30, "n1"); // Its own link says 30, and the process believes to be 2.
    Processes mistaken = new Processes(temp.resolve("proc"), 2);

    assertThat(mistaken.lifeOf(owner, false)).isEqualTo(Life.UNSEEN);
  }

  @Test
  void withoutProcTheJdkIsAsked() {
    Path none = temp.resolve("none");
    long pid = ProcessHandle.current().pid();
    Processes processes = new Processes(none, pid);
    ProcessIdentity self = processes.self();

    assertThat(self.boot()).isEmpty();
    assertThat(self.start()).endsWith(" ms");
    assertThat(processes.lifeOf(self, false)).isEqualTo(Life.SELF);
    long parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(pid);
    ProcessIdentity neighbour = new Processes(none, parent).self();
    assertThat(processes.lifeOf(neighbour, false)).isIn(Life.ALIVE, Life.SELF);
    ProcessIdentity former = new ProcessIdentity(parent, self.host(), "", "", "1 ms");
    assertThat(processes.lifeOf(former, false)).isEqualTo(Life.GONE);
    ProcessIdentity remote = new ProcessIdentity(parent, "there", "", "", "1 ms");
    assertThat(processes.lifeOf(remote, true)).isEqualTo(Life.ELSEWHERE);
    assertThat(processes.lifeOf(remote, false)).as("a new host name").isEqualTo(Life.GONE);
  }

  @Test
  void theFilesOfAProcessTellWhetherItStillHasOne() throws IOException {
    Path lock = Files.createFile(temp.resolve("lock"));
    ProcessIdentity owner = owner(20, "n1");
    Processes processes = proc.seenBy(30, "n1");
    proc.opens(20, temp.resolve("proc/20/stat"));
    assertThat(processes.mayHaveOpen(owner, FileId.of(lock))).isFalse();

    proc.opens(20, lock);
    assertThat(processes.mayHaveOpen(owner, FileId.of(lock))).isTrue();
    ProcessIdentity unknown = new ProcessIdentity(99, "here", "b1", "pid:[n1]", "1");
    assertThat(processes.mayHaveOpen(unknown, FileId.of(lock))).isTrue();
  }
}
