package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation.DeleteKey;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.MutationResult.Skipped;
import io.contextdb.spi.write.MutationResult.Written;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Conditions, on every mutation that takes one. */
public abstract class ConditionSuite {
    private static final UUID NODE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);
    private static final UUID EDGE = new UUID(2, 1);

    /**
     * A mutation that takes a condition.
     *
     * @param put writes the entity, at each call another version
     * @param mutation the mutation under a condition
     */
    private record Conditional(
            String name,
            Capability needed,
            Function<Condition, Mutation> put,
            Function<Condition, Mutation> mutation) {}

    private static List<Conditional> all(Kit kit) {
        NodeContent content = NodeContent.builder().build();
        Function<Condition, Mutation> key = c -> PutKey.of("k", Bytes.EMPTY).onlyIf(c);
        Function<Condition, Mutation> node =
                c -> new GraphMutation.PutNode(NodeDraft.of(NODE, content), c, GraphMutation.Fingerprints.SHARED);
        Function<Condition, Mutation> edge =
                c -> new GraphMutation.PutEdge(EdgeDraft.of(EDGE, EdgeContent.of(OTHER, "t", OTHER)), c);
        Function<Condition, Mutation> document =
                c -> new DocumentMutation.PutDocument("c", "d", PropertyMap.empty(), "", c);
        List<Conditional> all = new ArrayList<>(List.of(
                new Conditional("put key", Capability.KEYS, key, key),
                new Conditional("delete key", Capability.KEYS, key, c -> new DeleteKey("k", c)),
                new Conditional("put node", Capability.GRAPH, node, node),
                new Conditional(
                        "retract node", Capability.GRAPH, node, c -> new GraphMutation.RetractNode(NODE, "r", c)),
                new Conditional("put edge", Capability.GRAPH, edge, edge),
                new Conditional(
                        "retract edge", Capability.GRAPH, edge, c -> new GraphMutation.RetractEdge(EDGE, "r", c)),
                new Conditional("put document", Capability.DOCUMENTS, document, document),
                new Conditional(
                        "patch document",
                        Capability.DOCUMENTS,
                        document,
                        c -> new DocumentMutation.PatchDocument("c", "d", PropertyMap.of("a", 1), c)),
                new Conditional(
                        "delete document",
                        Capability.DOCUMENTS,
                        document,
                        c -> new DocumentMutation.DeleteDocument("c", "d", c))));
        all.removeIf(conditional -> !kit.info().offers(conditional.needed()));
        return all;
    }

    /** Returns a namespace with the node that edges need. */
    private static Namespace namespace(Kit kit) {
        Namespace namespace = kit.namespace();
        if (kit.info().offers(Capability.GRAPH)) {
            namespace.graph().put(NodeDraft.of(OTHER, NodeContent.builder().build()));
        }
        return namespace;
    }

    private static MutationResult apply(Namespace namespace, Mutation mutation) {
        return namespace.batch().add(mutation).apply().results().get(0);
    }

    @Test
    @Proves({"G5", "G8", "K1", "N1", "N7", "D1", "D3"})
    void conditionsAreJudgedOnTheCurrentVersion(Kit kit) {
        for (Conditional conditional : all(kit)) {
            Namespace namespace = namespace(kit);
            apply(namespace, conditional.put().apply(Condition.none()));
            long version = ((Written) apply(namespace, conditional.put().apply(Condition.none()))).version();
            var before = namespace.statistics();

            for (Condition fails : List.of(Condition.absent(), Condition.version(version + 1))) {
                Mutation mutation = conditional.mutation().apply(fails);
                assertThatThrownBy(() -> apply(namespace, mutation))
                        .as("%s if %s", conditional.name(), fails)
                        .isInstanceOfSatisfying(PreconditionFailedException.class, failed -> {
                            assertThat(failed.mutationIndex()).isZero();
                            assertThat(failed.currentVersion()).isEqualTo(version);
                        });
                assertThat(apply(namespace, conditional.mutation().apply(fails.orSkip())))
                        .as("%s if %s", conditional.name(), fails)
                        .isEqualTo(new Skipped(version));
            }
            assertThat(namespace.statistics()).as(conditional.name()).isEqualTo(before);
            assertThat(apply(namespace, conditional.mutation().apply(Condition.version(version))))
                    .as(conditional.name())
                    .isNotInstanceOf(Skipped.class);
        }
    }

    @Test
    @Proves({"G5", "N5"})
    void theAbsentHasNoVersion(Kit kit) {
        for (Conditional conditional : all(kit)) {
            Namespace namespace = namespace(kit);
            Condition never = Condition.version(1);

            assertThat(apply(namespace, conditional.mutation().apply(never.orSkip())))
                    .as(conditional.name())
                    .isEqualTo(new Skipped(0));
            assertThatThrownBy(() -> apply(namespace, conditional.mutation().apply(never)))
                    .as(conditional.name())
                    .isInstanceOfSatisfying(
                            PreconditionFailedException.class,
                            failed -> assertThat(failed.currentVersion()).isZero());
            assertThat(apply(namespace, conditional.put().apply(Condition.absent())))
                    .as(conditional.name())
                    .isInstanceOf(Written.class);
        }
    }

    @Test
    @Needs(batches = true)
    @Proves("G5")
    void aFailedConditionIsNamedAndASkippedOneIsNot(Kit kit) {
        for (Conditional conditional : all(kit)) {
            Namespace namespace = namespace(kit);
            Mutation put = conditional.put().apply(Condition.none());
            Mutation skipped =
                    conditional.mutation().apply(Condition.version(1_000_000).orSkip());
            Mutation fails = conditional.mutation().apply(Condition.version(1_000_000));
            var before = namespace.statistics();

            assertThatThrownBy(() -> namespace
                            .batch()
                            .add(put)
                            .add(skipped)
                            .add(put)
                            .add(fails)
                            .apply())
                    .as(conditional.name())
                    .isInstanceOfSatisfying(
                            PreconditionFailedException.class,
                            failed -> assertThat(failed.mutationIndex()).isEqualTo(3));
            assertThat(namespace.statistics()).as(conditional.name()).isEqualTo(before);

            WriteReceipt receipt =
                    namespace.batch().add(put).add(skipped).add(put).apply();
            assertThat(receipt.results().get(1)).as(conditional.name()).isInstanceOf(Skipped.class);
            assertThat(((Written) receipt.results().get(2)).version())
                    .isGreaterThan(((Written) receipt.results().get(0)).version());
        }
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G5", "N7"})
    void aConditionComesBeforeTheEndPoints(Kit kit) {
        Namespace namespace = namespace(kit);
        namespace.graph().put(NodeDraft.of(NODE, NodeContent.builder().build()));
        namespace.graph().put(EdgeDraft.of(EDGE, EdgeContent.of(OTHER, "t", OTHER)));
        EdgeDraft elsewhere = EdgeDraft.of(EDGE, EdgeContent.of(OTHER, "t", NODE));
        EdgeDraft nowhere = EdgeDraft.of(EDGE, EdgeContent.of(OTHER, "t", UUID.randomUUID()));

        for (EdgeDraft draft : List.of(elsewhere, nowhere)) {
            assertThat(namespace.graph().put(draft, Condition.absent().orSkip()))
                    .isZero();
        }
    }

    /** Nodes and edges count from 1 again, as their chains have no gaps (G8). */
    @Test
    @Needs(value = Capability.KEYS, operationIds = true)
    @Proves({"G8", "G5"})
    void aVersionFromBeforeADropMatchesNothing(Kit kit) {
        Namespace namespace = kit.namespace();
        Map<Capability, List<Long>> given = new EnumMap<>(Capability.class);
        for (int life = 0; life < 3; life++) {
            for (Conditional each : all(kit)) {
                List<Long> before = given.computeIfAbsent(each.needed(), model -> new ArrayList<>());
                if (each.needed() == Capability.GRAPH) {
                    continue;
                }
                for (int i = 0; i < 3; i++) {
                    long version = version(namespace, each.put().apply(Condition.none()));
                    for (long old : before) {
                        assertThat(version).as(each.name()).isGreaterThan(old);
                        assertThatThrownBy(() -> namespace
                                        .batch()
                                        .add(each.mutation().apply(Condition.version(old)))
                                        .apply())
                                .as(each.name())
                                .isInstanceOf(PreconditionFailedException.class);
                    }
                    before.add(version);
                }
            }
            namespace.drop();
        }
    }

    private static long version(Namespace namespace, Mutation put) {
        return ((MutationResult.Written)
                        namespace.batch().add(put).apply().results().get(0))
                .version();
    }
}
