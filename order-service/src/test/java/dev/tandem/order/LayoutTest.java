package dev.tandem.order;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tandem.order", importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {

  @ArchTest
  static final ArchRule theServiceKnowsNoRoomNoNeighbourAndNoTransactionManager =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.tandem.mode.*..", "dev.tandem.customer..", "com.atomikos..");

  @ArchTest
  static final ArchRule howALimitGetsHereIsTheAffairOfTheRooms =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "jakarta.jms..",
              "org.springframework.jms..",
              "org.apache.artemis..",
              "org.apache.activemq..");
}
