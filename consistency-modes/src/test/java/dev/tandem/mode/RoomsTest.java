package dev.tandem.mode;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.tandem.mode", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {

  @ArchTest
  static final ArchRule roomsDoNotKnowEachOther =
      SlicesRuleDefinition.slices()
          .matching("dev.tandem.mode.(*)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule theFrontKnowsNoRoom =
      noClasses()
          .that()
          .resideInAPackage("dev.tandem.mode")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.tandem.mode.*..");

  @ArchTest
  static final ArchRule nobodyHereKnowsAtomikos =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("com.atomikos..");

  @ArchTest
  static void everyPackageSaysWhatMayBeNull(JavaClasses classes) {
    var packages = classes.stream().map(type -> type.getPackage()).distinct().toList();
    assertThat(packages).hasSizeGreaterThanOrEqualTo(3);
    assertThat(packages)
        .allMatch(one -> one.isAnnotatedWith(NullMarked.class), "is @NullMarked")
        .extracting(JavaPackage::getName)
        .contains("dev.tandem.mode.xa", "dev.tandem.mode.lra", "dev.tandem.mode.besteffort");
  }
}
