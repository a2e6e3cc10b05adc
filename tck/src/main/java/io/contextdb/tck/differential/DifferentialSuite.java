package io.contextdb.tck.differential;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.spi.capability.Capability;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The same random scripts on this backend and on the memory backend, with equal answers. {@code -Dcontextdb.kit.operations}
 * says how many steps in all, by default 10,000; {@code -Dcontextdb.seed} which ones.
 */
public abstract class DifferentialSuite {
    private static final int STEPS = 100;
    private static final int TESTS = 6;

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"N1", "N2", "N3", "N4", "N5", "N7", "N8", "N9", "N10", "N11", "G5", "G8", "G12"})
    void graphsAnswerAsTheReference(Kit kit) {
        compare(kit, EnumSet.of(Capability.GRAPH));
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"V1", "V2", "V3", "V5", "V5a", "V5b", "V6", "V7", "G12"})
    void vectorSpacesAnswerAsTheReference(Kit kit) {
        compare(kit, EnumSet.of(Capability.VECTORS));
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves({"K1", "K2", "K3", "G8", "G12"})
    void keysAnswerAsTheReference(Kit kit) {
        compare(kit, EnumSet.of(Capability.KEYS));
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"E1", "E2", "E3", "E4", "E5", "E6"})
    void eventsAnswerAsTheReference(Kit kit) {
        compare(kit, EnumSet.of(Capability.EVENTS));
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"D1", "D2", "D3", "D4", "V6", "G3", "G8", "G12"})
    void documentsAnswerAsTheReference(Kit kit) {
        compare(kit, EnumSet.of(Capability.DOCUMENTS));
    }

    @Test
    @Proves({"G0", "G1", "G5"})
    void allModelsTogetherAnswerAsTheReference(Kit kit) {
        compare(
                kit,
                EnumSet.of(
                        Capability.GRAPH,
                        Capability.VECTORS,
                        Capability.KEYS,
                        Capability.EVENTS,
                        Capability.DOCUMENTS));
    }

    private static void compare(Kit kit, Set<Capability> models) {
        long scripts = Math.max(1, Long.getLong("contextdb.kit.operations", 10_000) / TESTS / STEPS);
        try (ContextDataSource memory = ContextDataSource.open("contextdb:memory:");
                ContextConnection reference = memory.getConnection()) {
            Comparison comparison = new Comparison(kit.connection(), reference, kit::name);
            for (long seed = kit.seed(); seed < kit.seed() + scripts; seed++) {
                Optional<Comparison.Difference> difference = comparison.first(seed, STEPS, models);
                if (difference.isPresent()) {
                    throw failure(kit, seed, difference.get());
                }
            }
        }
    }

    private static AssertionError failure(Kit kit, long seed, Comparison.Difference found) {
        return new AssertionError(kit.info().product()
                + " does not answer as the memory backend [repeat with -Dcontextdb.seed=" + seed + "]:\n"
                + found.what() + "\n\nNamespace a = kit.namespace();\n"
                + "Namespace b = kit.connection().namespace(a.name() + \"-b\");\n" + found.java());
    }
}
