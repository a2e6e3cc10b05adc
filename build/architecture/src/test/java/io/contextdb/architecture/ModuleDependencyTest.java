package io.contextdb.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One direction: cli → driver → spi ← backends and embedders; tck → spi and driver. */
class ModuleDependencyTest {
    /** What a module may use of ours besides itself; modules not named here are free, but nobody may use them. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "spi", Set.of(),
            "json", Set.of("spi"),
            "driver", Set.of("spi"),
            "tck", Set.of("spi", "driver"));

    private static final Set<String> ALLOWED_TO_PROVIDERS = Set.of("spi", "json");

    private static final Set<String> PROGRAMS = Set.of("cli", "bench", "architecture");

    @Test
    void aModuleUsesOnlyTheModulesAboveIt() {
        assertThat(crossings().filter(use -> !allowed(use)).map(Dependency::getDescription))
                .as("uses of a module that the user must not know")
                .isEmpty();
    }

    @Test
    void theInternalsOfAModuleAreItsOwn() {
        assertThat(crossings()
                        .filter(use -> Modules.isInternal(use.getTargetClass()))
                        .filter(use -> !checksArguments(use))
                        .map(Dependency::getDescription))
                .as("uses of another module's internal package")
                .isEmpty();
    }

    /** The driver checks what callers give by the rules of the model types, which are exported to it alone. */
    private static boolean checksArguments(Dependency use) {
        return Modules.of(use.getOriginClass()).equals("driver")
                && use.getTargetClass().getPackageName().equals("io.contextdb.spi.internal");
    }

    @Test
    void modulesFormNoCycle() {
        slices().assignedFrom(new ByModule())
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(Modules.CLASSES);
    }

    private static Stream<Dependency> crossings() {
        return Modules.CLASSES.that(DescribedPredicate.describe("ours", Modules::isOurs)).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(use -> Modules.isOurs(use.getTargetClass()))
                .filter(use -> !Modules.of(use.getOriginClass()).equals(Modules.of(use.getTargetClass())));
    }

    private static boolean allowed(Dependency use) {
        String user = Modules.of(use.getOriginClass());
        String used = Modules.of(use.getTargetClass());
        if (PROGRAMS.contains(user)) {
            return !PROGRAMS.contains(used);
        }
        return ALLOWED.getOrDefault(user, ALLOWED_TO_PROVIDERS).contains(used);
    }

    private static final class ByModule implements SliceAssignment {
        @Override
        public String getDescription() {
            return "modules";
        }

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return Modules.isOurs(type) ? SliceIdentifier.of(List.of(Modules.of(type))) : SliceIdentifier.ignore();
        }
    }
}
