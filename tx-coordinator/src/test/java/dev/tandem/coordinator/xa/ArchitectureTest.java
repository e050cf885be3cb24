package dev.tandem.coordinator.xa;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.tandem.coordinator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule atomikosStaysInItsRoom =
      classes()
          .that()
          .resideOutsideOfPackage("dev.tandem.coordinator.xa")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("com.atomikos..");

  @ArchTest
  static final ArchRule narayanaStaysInItsRoom =
      classes()
          .that()
          .resideOutsideOfPackage("dev.tandem.coordinator.lra")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "io.narayana..", "com.arjuna..", "org.glassfish.jersey..", "jakarta.ws.rs..");

  @ArchTest
  static final ArchRule roomsDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("..coordinator.lra..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..coordinator.xa..");

  @ArchTest
  static final ArchRule norTheOtherWayRound =
      noClasses()
          .that()
          .resideInAPackage("..coordinator.xa..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..coordinator.lra..");

  @ArchTest
  static final ArchRule theLogKnowsNoRoom =
      noClasses()
          .that()
          .resideInAPackage("..xa.log")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.tandem.coordinator.xa", "org.springframework..", "javax..");

  @ArchTest
  static final ArchRule theCoordinatorKnowsNoCredit =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.tandem.mode..");
}
