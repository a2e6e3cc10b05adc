package io.contextdb.tck.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.contextdb.ContextConnection;
import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.memory.Feedback;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What many threads may see of one entity, and what they may not take from each other. */
public abstract class ConcurrencySuite {
    private static final int ROUNDS = 25;
    private static final int THREADS = 8;
    private static final int CALLS = 7;
    private static final int CROWD = 32;

    @Test
    @Needs(Capability.KEYS)
    @Proves({"G5", "G7", "G8", "G13", "K1"})
    void keysAreRegisters(Kit kit) {
        linearizable(kit, Register::key);
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"G5", "G7", "G8", "G13", "D1"})
    void documentsAreRegisters(Kit kit) {
        linearizable(kit, Register::document);
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G5", "G7", "G8", "G13", "N1"})
    void nodesAreRegisters(Kit kit) {
        linearizable(kit, Register::node);
    }

    private static void linearizable(Kit kit, Function<Namespace, Register> kind) {
        for (int round = 0; round < ROUNDS; round++) {
            Namespace namespace = kit.namespace();
            RegisterHistory history = new RegisterHistory(namespace, kind.apply(namespace));
            long seed = kit.random().nextLong();
            kit.together(THREADS, thread -> {
                history.call(thread, CALLS, new Random(seed + thread));
                return thread;
            });
            history.violation().ifPresent(violation -> fail(violation));
        }
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves({"K3", "G13"})
    void eachIncrementAnswersANumberOfItsOwn(Kit kit) {
        Namespace namespace = kit.namespace();
        long each = 20;
        List<List<Long>> answers = kit.together(
                CROWD,
                thread -> LongStream.range(0, each)
                        .mapToObj(i -> namespace.keys().increment("n", 1))
                        .toList());

        assertThat(answers).allSatisfy(own -> assertThat(own).isSorted());
        assertThat(answers.stream().flatMap(List::stream).sorted())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, CROWD * each).boxed().toList());
        assertThat(namespace.keys().get("n")).map(KeyEntry::value).contains(Bytes.utf8("" + CROWD * each));
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"N9", "G13"})
    void evidenceOfBothKindsAddsUp(Kit kit) {
        Graph graph = kit.namespace().graph();
        kit.together(CROWD, thread -> {
            for (int i = 0; i < 8; i++) {
                graph.addEvidence("s", thread % 2 == 0 ? 0.5 : 0, thread % 2 == 0 ? 0 : 0.25);
            }
            return thread;
        });

        Source source = graph.source("s").orElseThrow();
        assertThat(source.alpha()).isEqualTo(1 + CROWD / 2 * 8 * 0.5);
        assertThat(source.beta()).isEqualTo(1 + CROWD / 2 * 8 * 0.25);
    }

    @Test
    @Needs(
            value = {Capability.GRAPH, Capability.VECTORS, Capability.EVENTS, Capability.KEYS, Capability.DOCUMENTS},
            batches = true)
    @Proves({"M7", "N9", "G8"})
    void feedbackOfACrowdIsCounted(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = kit.memory(namespace, MemoryConfig.none());
        List<UUID> ids = IntStream.range(0, 4)
                .mapToObj(i -> memory.write(MemoryDraft.of("fact number " + i).source("s"))
                        .id())
                .toList();
        double before = namespace.graph().source("s").orElseThrow().alpha();
        List<Integer> given = kit.together(CROWD, thread -> {
            for (; ; ) {
                try {
                    memory.feedback(ids.get(thread % ids.size()), Feedback.VALIDATED);
                    return thread;
                } catch (PreconditionFailedException busy) {
                    // The others were always faster; nothing was done, so it is done again.
                }
            }
        });

        assertThat(given).hasSize(CROWD);
        assertThat(namespace.graph().source("s").orElseThrow().alpha()).isEqualTo(before + CROWD);
        for (UUID id : ids) {
            assertThat(namespace.graph().history(id).map(Node::version))
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, 1 + CROWD / ids.size())
                            .boxed()
                            .toList());
        }
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"N10", "G5"})
    void ofManyWhoClaimAFingerprintOneGetsIt(Kit kit) {
        for (int round = 0; round < 5; round++) {
            Graph graph = kit.namespace().graph();
            NodeContent content = NodeContent.builder().fingerprint("f").build();
            List<NodeDraft> drafts = IntStream.range(0, CROWD)
                    .mapToObj(i -> NodeDraft.of(content))
                    .toList();
            List<UUID> holders = kit.together(CROWD, i -> graph.putUnique(drafts.get(i)));

            assertThat(holders.stream().distinct()).hasSize(1);
            assertThat(graph.get(drafts.stream().map(NodeDraft::id).toList()))
                    .extracting(Node::id)
                    .containsExactly(holders.get(0));
        }
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"N10", "G5"})
    void whoeverComesTooLateIsToldWhoHoldsTheFingerprint(Kit kit) {
        Namespace namespace = kit.namespace();
        NodeContent content = NodeContent.builder().fingerprint("f").build();
        List<Optional<UUID>> holders = kit.together(CROWD, i -> {
            try {
                namespace
                        .batch()
                        .add(new GraphMutation.PutNode(
                                NodeDraft.of(UuidV7.next(), content),
                                Condition.none(),
                                GraphMutation.Fingerprints.UNIQUE_OR_FAIL))
                        .apply();
                return Optional.empty();
            } catch (PreconditionFailedException late) {
                return Optional.of(late.existingId().orElseThrow());
            }
        });

        assertThat(holders).filteredOn(Optional::isEmpty).hasSize(1);
        UUID holder = namespace
                .graph()
                .findByFingerprint(List.of("f"))
                .values()
                .iterator()
                .next()
                .id();
        assertThat(holders).filteredOn(Optional::isPresent).hasSize(CROWD - 1).allMatch(Optional.of(holder)::equals);
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"G5", "D1"})
    void ofManyWhoCreateADocumentOneDoes(Kit kit) {
        Namespace namespace = kit.namespace();
        List<MutationResult> results = kit.together(
                CROWD,
                i -> namespace
                        .batch()
                        .add(new DocumentMutation.PutDocument(
                                "c",
                                "natural key",
                                PropertyMap.of("by", i),
                                "",
                                Condition.absent().orSkip()))
                        .apply()
                        .results()
                        .get(0));

        assertThat(results).filteredOn(MutationResult.Written.class::isInstance).hasSize(1);
        long winner = results.indexOf(results.stream()
                .filter(MutationResult.Written.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(namespace.documents("c").get("natural key").orElseThrow().body())
                .isEqualTo(PropertyMap.of("by", winner));
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G7")
    void aTokenShowsTheWriteAndReadsNeverGoBack(Kit kit) {
        String name = kit.name();
        int writers = 4;
        int each = 60;
        AtomicReference<CommitToken> newest = new AtomicReference<>(CommitToken.NONE);
        AtomicReference<Long> acknowledged = new AtomicReference<>(0L);
        List<List<Long>> seen = kit.together(2 * writers, thread -> {
            try (ContextConnection connection = kit.another()) {
                Namespace namespace = connection.namespace(name);
                List<Long> numbers = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    if (thread < writers) {
                        long number = namespace.keys().increment("n", 1);
                        // The token first, so that it covers the number.
                        newest.accumulateAndGet(connection.token(), CommitToken::max);
                        acknowledged.accumulateAndGet(number, Math::max);
                        assertThat(number(namespace)).as("its own write").isGreaterThanOrEqualTo(number);
                    } else {
                        long atLeast = acknowledged.get();
                        connection.present(newest.get());
                        numbers.add(number(namespace));
                        assertThat(numbers.getLast())
                                .as("what the token covers")
                                .isGreaterThanOrEqualTo(atLeast);
                    }
                }
                return numbers;
            }
        });

        assertThat(seen).allSatisfy(numbers -> assertThat(numbers).isSorted());
    }

    private static long number(Namespace namespace) {
        return namespace
                .keys()
                .get("n")
                .map(entry -> Long.parseLong(entry.value().utf8()))
                .orElse(0L);
    }
}
