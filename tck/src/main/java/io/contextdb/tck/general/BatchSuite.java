package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.Namespace;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batches: all or nothing, in order, once. */
public abstract class BatchSuite {
    /** A batch over every model that is declared, which the tests of atomicity cut through. */
    private static Batch everything(Kit kit, Namespace namespace, int n) {
        Batch batch = namespace.batch();
        if (kit.info().offers(Capability.GRAPH)) {
            batch.put(NodeDraft.of(
                    new UUID(1, n), NodeContent.builder().property("n", n).build()));
        }
        if (kit.info().offers(Capability.VECTORS)) {
            batch.put(
                    "s",
                    VectorPoint.builder(new UUID(1, n))
                            .vector(1, n)
                            .text("n" + n)
                            .build());
        }
        if (kit.info().offers(Capability.EVENTS)) {
            batch.append(EventDraft.of("n", PropertyMap.of("n", n)));
        }
        if (kit.info().offers(Capability.DOCUMENTS)) {
            batch.put("c", "d" + n, PropertyMap.of("n", n));
        }
        batch.put("k" + n, Bytes.utf8("" + n));
        return batch.increment("counter", 1);
    }

    private static void prepare(Kit kit, Namespace namespace) {
        namespace.keys().put("there", Bytes.EMPTY);
        if (kit.info().offers(Capability.VECTORS)) {
            namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        }
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves("G5")
    void aBatchThatFailsAtItsEndLeavesNothing(Kit kit) {
        Namespace namespace = kit.namespace();
        prepare(kit, namespace);
        NamespaceStatistics before = namespace.statistics();

        assertThatThrownBy(() -> everything(kit, namespace, 1)
                        .add(PutKey.of("there", Bytes.EMPTY).onlyIf(Condition.absent()))
                        .apply())
                .hasMessageContaining("mutation");

        assertThat(namespace.statistics()).isEqualTo(before);
        assertThat(namespace.keys().get("counter")).isEmpty();
        if (kit.info().offers(Capability.VECTORS)) {
            assertThat(namespace.vectors().count("s", Filter.everything())).isZero();
        }
        everything(kit, namespace, 1).apply();
        assertThat(namespace.keys().get("k1")).isPresent();
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves({"G5", "G13"})
    void readersNeverSeeHalfABatch(Kit kit) {
        Namespace namespace = kit.namespace();
        prepare(kit, namespace);
        int readers = 3;
        AtomicInteger reading = new AtomicInteger(readers);
        AtomicBoolean ended = new AtomicBoolean();
        List<String> names = IntStream.range(0, 10).mapToObj(k -> "half" + k).toList();

        kit.together(1 + readers, i -> {
            if (i == 0) {
                try {
                    for (int n = 0; reading.get() > 0; n++) {
                        Batch batch = namespace.batch();
                        for (String name : names) {
                            batch.put(name, Bytes.utf8("" + n));
                        }
                        batch.apply();
                    }
                } finally {
                    ended.set(true);
                }
                return i;
            }
            try {
                // Until it has seen many states: reads between which nothing is written prove nothing.
                Set<Bytes> states = new HashSet<>();
                while (states.size() < 50 && !ended.get()) {
                    List<KeyEntry> entries = namespace.keys().get(names);
                    assertThat(entries.isEmpty() || entries.size() == 10).isTrue();
                    assertThat(entries.stream().map(KeyEntry::value).distinct().count())
                            .isLessThanOrEqualTo(1);
                    entries.forEach(entry -> states.add(entry.value()));
                }
            } finally {
                reading.decrementAndGet();
            }
            return i;
        });
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves({"G5", "G4"})
    void laterMutationsSeeEarlierOnesAndEachHasAResult(Kit kit) {
        Namespace namespace = kit.namespace();

        WriteReceipt receipt = namespace
                .batch()
                .put("k", Bytes.utf8("41"))
                .increment("k", 1)
                .add(PutKey.of("k", Bytes.EMPTY).onlyIf(Condition.absent().orSkip()))
                .apply();

        assertThat(receipt.results()).hasSize(3);
        assertThat(namespace.keys().get("k").orElseThrow().value().utf8()).isEqualTo("42");
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true, operationIds = true)
    @Proves("G6")
    void aRepeatedOperationReturnsTheFirstReceiptAndChangesNothing(Kit kit) {
        String name = kit.name();
        Namespace namespace = kit.connection().namespace(name);
        prepare(kit, namespace);
        Batch batch = everything(kit, namespace, 1);
        WriteReceipt first = batch.apply();
        namespace.keys().put("k1", Bytes.utf8("later"));
        NamespaceStatistics before = namespace.statistics();

        try (ContextConnection other = kit.another()) {
            WriteReceipt again = everything(kit, other.namespace(name), 1)
                    .operationId(first.operationId())
                    .apply();
            assertThat(again).isEqualTo(first);
        }
        assertThat(batch.apply()).isEqualTo(first);
        assertThat(namespace.statistics()).isEqualTo(before);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8()).isEqualTo("1");
        assertThat(namespace.keys().get("k1").orElseThrow().value().utf8()).isEqualTo("later");
        assertThatThrownBy(() -> everything(kit, namespace, 2)
                        .operationId(first.operationId())
                        .apply())
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        reused -> assertThat(reused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
        assertThat(namespace.keys().get("k2")).isEmpty();
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true, operationIds = true)
    @Proves({"G6", "G1"})
    void aRepeatAfterADropReturnsTheFirstReceiptAndBringsNothingBack(Kit kit) {
        String name = kit.name();
        Namespace namespace = kit.connection().namespace(name);
        prepare(kit, namespace);
        WriteReceipt first = everything(kit, namespace, 1).apply();
        WriteReceipt put = namespace.batch().put("alone", Bytes.utf8("v")).apply();
        namespace.drop();

        for (String life : List.of("dropped", "dropped and begun anew", "dropped again")) {
            try (ContextConnection other = kit.another()) {
                for (Namespace late : List.of(namespace, other.namespace(name))) {
                    assertThat(everything(kit, late, 1)
                                    .operationId(first.operationId())
                                    .apply())
                            .as(life)
                            .isEqualTo(first);
                    assertThat(late.batch()
                                    .operationId(put.operationId())
                                    .put("alone", Bytes.utf8("v"))
                                    .apply()
                                    .results())
                            .as(life)
                            .isEqualTo(put.results());
                    assertThatThrownBy(() -> everything(kit, late, 2)
                                    .operationId(first.operationId())
                                    .apply())
                            .as(life)
                            .isInstanceOfSatisfying(
                                    InvalidRequestException.class,
                                    reused -> assertThat(reused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
                }
            }
            boolean begun = life.endsWith("anew");
            assertThat(kit.connection().namespaces().anyMatch(name::equals))
                    .as(life)
                    .isEqualTo(begun);
            assertThat(namespace.keys().scan("").map(KeyEntry::key))
                    .as(life)
                    .isEqualTo(begun ? List.of("new") : List.of());
            assertThat(namespace.statistics())
                    .as(life)
                    .isEqualTo(new NamespaceStatistics(0, 0, 0, 0, 0, begun ? 1 : 0, 0, 0));
            if (begun) {
                namespace.drop();
            } else {
                namespace.keys().put("new", Bytes.EMPTY);
            }
        }
    }

    @Test
    @Needs(value = Capability.CONSUMER_GROUPS, batches = true, operationIds = true)
    @Proves({"G6", "E3"})
    void aRepeatedClaimBringsNoEventsBackAfterADrop(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace
                .batch()
                .append(EventDraft.of("t", PropertyMap.of("content", "secret")))
                .add(new EventMutation.CreateGroup(ConsumerGroup.named("g")))
                .apply();
        Batch claim = namespace.batch().add(new EventMutation.Claim("g", 10));
        WriteReceipt first = claim.apply();
        assertThat(first.results())
                .singleElement()
                .isInstanceOfSatisfying(
                        MutationResult.Claimed.class,
                        claimed -> assertThat(claimed.deliveries()).hasSize(1));
        namespace.drop();

        WriteReceipt again = claim.apply();
        assertThat(again.results()).containsExactly(new MutationResult.Claimed(List.of()));
        assertThat(again.committedAt()).isEqualTo(first.committedAt());
        namespace.events().append(EventDraft.of("new", PropertyMap.empty()));
        assertThat(claim.apply().results()).containsExactly(new MutationResult.Claimed(List.of()));
    }

    @Test
    @Needs(value = Capability.KEYS, operationIds = true)
    @Proves({"G6", "G13"})
    void ofManyWhoRepeatOneOperationOneApplies(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID operation = UuidV7.next();

        List<WriteReceipt> receipts = kit.together(
                16,
                i -> namespace
                        .batch()
                        .operationId(operation)
                        .increment("counter", 1)
                        .apply());

        assertThat(receipts.stream().distinct()).hasSize(1);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8()).isEqualTo("1");
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves("G13")
    void oneConnectionServesManyThreadsOnEveryModel(Kit kit) {
        Namespace namespace = kit.namespace();
        prepare(kit, namespace);

        kit.together(8, i -> {
            for (int n = 0; n < 10; n++) {
                everything(kit, namespace, i * 10 + n).apply();
                assertThat(namespace.keys().get("k" + (i * 10 + n))).isPresent();
            }
            return i;
        });

        NamespaceStatistics statistics = namespace.statistics();
        assertThat(statistics.keys()).isEqualTo(82);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8()).isEqualTo("80");
        if (kit.info().offers(Capability.GRAPH)) {
            assertThat(statistics.nodes()).isEqualTo(80);
        }
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"G5", "E1"})
    void eventsOfABatchShareItsCommitAndKeepTheirOrder(Kit kit) {
        Namespace namespace = kit.namespace();
        Batch batch = namespace.batch();
        IntStream.range(0, 5).forEach(n -> batch.append(EventDraft.of("t" + n, PropertyMap.empty())));
        WriteReceipt receipt = batch.apply();

        List<Event> events = namespace.events().read(EventQuery.after(EventPosition.START, 10));
        assertThat(events).extracting(Event::type).containsExactly("t0", "t1", "t2", "t3", "t4");
        assertThat(events).extracting(Event::appendedAt).containsOnly(receipt.committedAt());
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true, operationIds = true)
    @Proves({"G6", "G5"})
    void aRefusedOperationMayBeRepeatedWhenItFits(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID operation = UuidV7.next();
        namespace.keys().put("there", Bytes.EMPTY);
        Batch batch = namespace
                .batch()
                .operationId(operation)
                .increment("counter", 1)
                .add(PutKey.of("there", Bytes.EMPTY).onlyIf(Condition.absent()));

        assertThatThrownBy(batch::apply).isInstanceOf(io.contextdb.spi.error.PreconditionFailedException.class);
        assertThat(namespace.keys().get("counter")).isEmpty();
        namespace.keys().delete("there");
        WriteReceipt receipt = batch.apply();
        assertThat(batch.apply()).isEqualTo(receipt);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8()).isEqualTo("1");
    }

    @Test
    @Needs(value = Capability.KEYS, operationIds = true)
    @Proves("G6")
    void theOutcomeOfAnUnknownOperationIsLearntByRepeatingIt(Kit kit) {
        String name = kit.name();
        for (int i = 0; i < 20; i++) {
            UUID operation = UuidV7.next();
            // The first answer is lost: another connection, which knows nothing of it, asks again, and a third after
            // others wrote.
            WriteReceipt lost;
            try (ContextConnection first = kit.another()) {
                lost = first.namespace(name)
                        .batch()
                        .operationId(operation)
                        .increment("counter", 1)
                        .apply();
            }
            kit.connection().namespace(name).keys().put("between", Bytes.utf8("" + i));
            try (ContextConnection second = kit.another()) {
                WriteReceipt learnt = second.namespace(name)
                        .batch()
                        .operationId(operation)
                        .increment("counter", 1)
                        .apply();
                assertThat(learnt).isEqualTo(lost);
                assertThat(second.namespace(name)
                                .keys()
                                .get("counter")
                                .orElseThrow()
                                .value()
                                .utf8())
                        .isEqualTo("" + (i + 1));
            }
        }
    }
}
