package dev.tandem.customer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.tandem.customer",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayoutTest {

  @ArchTest
  static final ArchRule theServiceKnowsNoRoomNoNeighbourAndNoTransactionManager =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.tandem.mode.*..", "dev.tandem.order..", "com.atomikos..");

  @ArchTest
  static final ArchRule customersDoNotKnowWhoChangesTheirLimits =
      noClasses()
          .that()
          .resideInAPackage("..customers..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..limitchanges..", "..idempotency..");
}
