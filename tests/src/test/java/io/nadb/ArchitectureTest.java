package io.nadb;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the packages to the design: who may see whom, and who may read a clock. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPaths(
              Path.of("..", "nadb-driver", "target", "classes"),
              Path.of("..", "nadb-agent", "target", "classes"));

  private static final String ANNOTATIONS = "org.jspecify.annotations";

  @Test
  void packagesAreFreeOfCyclesTheRootPackageIncluded() {
    slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theApiSeesOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("io.nadb")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.nadb", "java..", ANNOTATIONS)
        .check(CLASSES);
  }

  @Test
  void theSpiSeesOnlyTheApi() {
    classes()
        .that()
        .resideInAPackage("io.nadb.spi")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.nadb.spi", "io.nadb", "java..", ANNOTATIONS)
        .check(CLASSES);
  }

  @Test
  void copiesSeeOnlyTheApiAndTheSpi() {
    classes()
        .that()
        .resideInAPackage("io.nadb.copy")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.nadb.copy", "io.nadb.spi", "io.nadb", "java..", ANNOTATIONS)
        .check(CLASSES);
  }

  /** Whoever examines files does without what opens, writes and serves them. */
  @Test
  void repairsSeeOfTheEngineOnlyItsFormatAndHowItIsOpened() {
    noClasses()
        .that()
        .resideInAPackage("io.nadb.repair")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.nadb.internal.log",
            "io.nadb.internal.log.maintenance..",
            "io.nadb.internal.log.query..",
            "io.nadb.internal.store..",
            "io.nadb.internal.driver..",
            "io.nadb.internal.registry..")
        .check(CLASSES);
  }

  @Test
  void urlsAndTheSyncThreadKnowNothingOfStores() {
    noClasses()
        .that()
        .resideInAnyPackage("io.nadb.internal.url..", "io.nadb.internal.sync..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.nadb.internal.store..",
            "io.nadb.internal.log..",
            "io.nadb.internal.metadata..",
            "io.nadb.internal.memory..",
            "io.nadb.internal.redis..",
            "io.nadb.internal.driver..",
            "io.nadb.internal.registry..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void backendsSeeNeitherTheStoreNorTheDriverThatWiresThem() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.nadb.internal.log..",
            "io.nadb.internal.metadata..",
            "io.nadb.internal.memory..",
            "io.nadb.internal.redis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.nadb.internal.store..", "io.nadb.internal.driver..", "io.nadb.internal.registry..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void theStoreDoesNotSeeTheBackends() {
    noClasses()
        .that()
        .resideInAPackage("io.nadb.internal.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.nadb.internal.log..",
            "io.nadb.internal.metadata..",
            "io.nadb.internal.memory..",
            "io.nadb.internal.redis..",
            "io.nadb.internal.driver..",
            "io.nadb.internal.registry..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void driversDoNotSeeTheRegistryThatFindsThem() {
    noClasses()
        .that()
        .resideInAPackage("io.nadb.internal.driver..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.nadb.internal.registry..")
        .check(CLASSES);
  }

  /** The rooms of the fs engine: each sees only those below it, and only its face sees them all. */
  @Test
  void theEngineIsEightRoomsAboveEachOther() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.nadb.internal.log..")
        .layer("face")
        .definedBy("io.nadb.internal.log")
        .layer("maintenance")
        .definedBy("io.nadb.internal.log.maintenance")
        .layer("query")
        .definedBy("io.nadb.internal.log.query")
        .layer("recovery")
        .definedBy("io.nadb.internal.log.recovery")
        .layer("append")
        .definedBy("io.nadb.internal.log.append")
        .layer("history")
        .definedBy("io.nadb.internal.log.history")
        .layer("segment")
        .definedBy("io.nadb.internal.log.segment")
        .layer("index")
        .definedBy("io.nadb.internal.log.index")
        .layer("format")
        .definedBy("io.nadb.internal.log.format")
        .whereLayer("face")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("maintenance")
        .mayOnlyBeAccessedByLayers("face")
        .whereLayer("query")
        .mayOnlyBeAccessedByLayers("face")
        .whereLayer("recovery")
        .mayOnlyBeAccessedByLayers("face")
        .whereLayer("append")
        .mayOnlyBeAccessedByLayers("face", "maintenance", "recovery")
        .whereLayer("history")
        .mayOnlyBeAccessedByLayers("face", "maintenance")
        .whereLayer("segment")
        .mayOnlyBeAccessedByLayers("face", "maintenance", "query", "recovery", "append", "history")
        .whereLayer("index")
        .mayOnlyBeAccessedByLayers(
            "face", "maintenance", "query", "recovery", "append", "history", "segment")
        .check(CLASSES);
  }

  @Test
  void everyPackageOfTheEngineIsOneOfItsRooms() {
    classes()
        .that()
        .resideInAPackage("io.nadb.internal.log..")
        .should()
        .resideInAnyPackage(
            Stream.of(
                    "",
                    ".maintenance",
                    ".query",
                    ".recovery",
                    ".append",
                    ".history",
                    ".segment",
                    ".index",
                    ".format")
                .map("io.nadb.internal.log"::concat)
                .toArray(String[]::new))
        .check(CLASSES);
  }

  /** Two types of one name have a reader look at the imports to know what a sentence is about. */
  @Test
  void noTwoTypesOfTheLibraryHaveOneName() {
    Map<String, List<String>> byName =
        CLASSES.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));

    assertThat(byName.values()).allMatch(types -> types.size() == 1);
  }

  @Test
  void onlyTheAgentKnowsOfJmx() {
    noClasses()
        .that(not(resideInAnyPackage("io.nadb.agent..", "io.nadb.jmx..")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.nadb.agent..", "io.nadb.jmx..", "javax.management..", "java.lang.management..")
        .check(CLASSES);
  }

  /** Its classes may come from another class loader than the driver's, and from another version. */
  @Test
  void theAgentLinksNothingOfTheDriver() {
    noClasses()
        .that()
        .resideInAnyPackage("io.nadb.agent..", "io.nadb.jmx..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.nadb", "io.nadb.spi..", "io.nadb.internal..")
        .check(CLASSES);
  }

  @Test
  void onlyTheSystemTimeSourceReadsAClockOrWaits() {
    noClasses()
        .that(not(belongToAnyOf(SystemTimeSource.class)))
        .should()
        .accessTargetWhere(describe("it reads a clock or waits", TimeUse::isIn))
        .orShould()
        .dependOnClassesThat(
            assignableTo(ScheduledExecutorService.class)
                .or(assignableTo(Timer.class))
                .or(assignableTo(TimerTask.class)))
        .check(CLASSES);
  }

  /**
   * The shutdown hook goes by the machine's time whatever the registry's is: a process that really
   * ends can't wait for a test to advance a clock.
   */
  @Test
  void onlyTheRegistryAndTheShutdownHookChooseTheSystemTimeSource() {
    noClasses()
        .that(
            not(
                belongToAnyOf(StoreRegistry.class)
                    .or(HasName.Predicates.name("io.nadb.internal.registry.ShutdownHook"))))
        .should()
        .callMethod(TimeSource.class, "system")
        .check(CLASSES);
  }

  /** Whatever a logging back end throws, a flush or a background thread has to go on. */
  @Test
  void onlyTheLogbookLogs() {
    noClasses()
        .that(not(HasName.Predicates.name("io.nadb.internal.report.Logbook")))
        .should()
        .dependOnClassesThat(assignableTo(System.Logger.class).or(assignableTo(Logger.class)))
        .check(CLASSES);
  }

  /**
   * What a running thread sees of an object whose constructor has not ended may be half of it: a
   * static factory starts what the constructor has prepared.
   */
  @Test
  void noConstructorHandsItsObjectToARunningThread() {
    assertThat(CLASSES)
        .flatExtracting(type -> List.copyOf(type.getConstructors()))
        .flatExtracting(constructor -> List.copyOf(constructor.getMethodCallsFromSelf()))
        .filteredOn(call -> handsOver(call.getTarget()))
        .isEmpty();
  }

  private static boolean handsOver(CodeUnitAccessTarget called) {
    return (called.getOwner().isAssignableTo(Thread.class) && called.getName().equals("start"))
        || (called.getOwner().isAssignableTo(Executor.class)
            && Set.of("execute", "submit").contains(called.getName()))
        || called.getFullName().startsWith("io.nadb.internal.sync.Member.join(")
        || called.getFullName().startsWith("io.nadb.internal.watch.StoreProbe.opened(");
  }

  /**
   * Every package of its own, also the root: the usual {@code slices().matching("io.nadb.(**)")}
   * does not see cycles through it.
   */
  private static final class ByPackage implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
