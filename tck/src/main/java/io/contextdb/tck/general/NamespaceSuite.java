package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Namespace;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Namespaces: their names, their list, and that nothing of one shows in another. */
public abstract class NamespaceSuite {
    @Test
    @Proves("G1")
    void namesOfNamespacesAreChecked(Kit kit) {
        for (String bad : List.of("", "a b", "a/b", "ä", "a%", "x".repeat(129), "a\0", "a\n", ".", "..", "...")) {
            assertThatThrownBy(() -> kit.connection().namespace(bad))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("namespace");
        }
        assertThat(kit.connection().namespace("x".repeat(128)).name()).hasSize(128);
        assertThat(kit.connection().namespace("..a").name()).isEqualTo("..a");
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G1")
    void namespacesAreApartPrefixesAndCasesIncluded(Kit kit) {
        String base = kit.name();
        List<String> names =
                List.of(base, base + ".x", base + "-x", base + "x", base.toUpperCase(java.util.Locale.ROOT));
        for (String name : names) {
            kit.connection().namespace(name).keys().put("k", Bytes.utf8(name));
        }

        for (String name : names) {
            Namespace namespace = kit.connection().namespace(name);
            assertThat(namespace.keys().scan("").map(entry -> entry.value().utf8()))
                    .containsExactly(name);
            assertThat(namespace.statistics().keys()).isEqualTo(1);
        }
        assertThat(kit.connection().namespaces()).containsAll(names).isSorted();
        kit.connection().namespace(base).drop();
        assertThat(kit.connection().namespaces()).doesNotContain(base).contains(base + ".x");
        assertThat(kit.connection().namespace(base).keys().get("k")).isEmpty();
        assertThat(kit.connection().namespace(base).statistics()).isEqualTo(NamespaceStatistics.EMPTY);
        assertThat(kit.connection().namespace(base + "x").keys().get("k")).isPresent();
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G1")
    void longNamesDifferAtTheirEnd(Kit kit) {
        String long127 = kit.name() + "-".repeat(127 - kit.name().length());
        for (String end : List.of("a", "b", "A", ".")) {
            kit.connection().namespace(long127 + end).keys().put("k", Bytes.utf8(end));
        }

        for (String end : List.of("a", "b", "A", ".")) {
            Namespace namespace = kit.connection().namespace(long127 + end);
            assertThat(namespace.keys().get("k").orElseThrow().value().utf8()).isEqualTo(end);
            assertThat(namespace.statistics().keys()).isEqualTo(1);
        }
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G1")
    void aNamespaceIsListedFromItsFirstCommitUntilItIsDropped(Kit kit) {
        String name = kit.name();
        Namespace namespace = kit.connection().namespace(name);
        assertThat(namespace.keys().get("k")).isEmpty();
        assertThat(namespace.keys().scan("")).isEmpty();
        assertThat(namespace.statistics()).isEqualTo(NamespaceStatistics.EMPTY);
        assertThat(kit.connection().namespaces()).as("it was only read").doesNotContain(name);

        namespace.keys().put("k", Bytes.EMPTY);
        assertThat(kit.connection().namespaces()).contains(name);
        namespace.keys().delete("k");
        assertThat(namespace.statistics()).isEqualTo(NamespaceStatistics.EMPTY);
        assertThat(kit.connection().namespaces()).as("it was emptied").contains(name);
        namespace.drop();
        namespace.drop();
        assertThat(kit.connection().namespaces()).doesNotContain(name);
        namespace.keys().put("k", Bytes.utf8("again"));
        assertThat(namespace.keys().scan("").map(entry -> entry.value().utf8())).containsExactly("again");
    }

    /** Writes something of every model that is declared. */
    private static void fill(Kit kit, Namespace namespace) {
        if (kit.info().offers(Capability.KEYS)) {
            namespace.keys().put("k", Bytes.EMPTY);
        }
        if (kit.info().offers(Capability.GRAPH)) {
            NodeDraft node = NodeDraft.of(NodeContent.builder().fingerprint("f").build());
            namespace.graph().put(node);
            namespace.graph().connect(node.id(), "t", node.id());
            namespace.graph().addEvidence("s", 1, 1);
        }
        if (kit.info().offers(Capability.VECTORS)) {
            namespace
                    .vectors()
                    .put(
                            "s",
                            VectorPoint.builder(UUID.randomUUID())
                                    .vector(1, 1)
                                    .text("needle")
                                    .build());
        }
        if (kit.info().offers(Capability.EVENTS)) {
            namespace.events().append(EventDraft.of("t", PropertyMap.empty()));
        }
        if (kit.info().offers(Capability.DOCUMENTS)) {
            namespace.documents("c").put("d", PropertyMap.empty());
        }
    }

    private static void assertNothingIn(Kit kit, Namespace namespace) {
        assertThat(namespace.statistics()).isEqualTo(NamespaceStatistics.EMPTY);
        if (kit.info().offers(Capability.KEYS)) {
            assertThat(namespace.keys().scan("")).isEmpty();
        }
        if (kit.info().offers(Capability.GRAPH)) {
            assertThat(namespace.graph().scanAll(NodeQuery.of(Filter.everything())))
                    .isEmpty();
            assertThat(namespace.graph().diff(Instant.EPOCH, Instant.now().plusSeconds(60)))
                    .isEmpty();
            assertThat(namespace.graph().sources()).isEmpty();
            assertThat(namespace.graph().findByFingerprint(List.of("f"))).isEmpty();
        }
        if (kit.info().offers(Capability.VECTORS)) {
            assertThat(namespace.vectors().search(VectorQuery.nearest("s", Vector.of(1, 1), 10)))
                    .isEmpty();
            assertThat(namespace.vectors().scroll("s", Filter.everything())).isEmpty();
            assertThat(namespace.vectors().count("s", Filter.everything())).isZero();
        }
        if (kit.info().offers(Capability.TEXT_SEARCH)) {
            assertThat(namespace.vectors().searchText(TextQuery.of("s", "needle", 10)))
                    .isEmpty();
        }
        if (kit.info().offers(Capability.EVENTS)) {
            assertThat(namespace.events().read(EventQuery.after(EventPosition.START, 10)))
                    .isEmpty();
            assertThat(namespace.events().last()).isEqualTo(EventPosition.START);
        }
        if (kit.info().offers(Capability.DOCUMENTS)) {
            assertThat(namespace.documents("c").findAll(Filter.everything())).isEmpty();
            assertThat(namespace.documents("c").count(Filter.everything())).isZero();
        }
    }

    @Test
    @Proves("G1")
    void nothingShowsOfNamesThatBeginOrEndAlike(Kit kit) {
        String base = kit.name();
        List<String> full = List.of(base + "a", base + ".a", base + "_", base + "-a.b", "a" + base);
        List<String> empty = List.of(base, base + "b", base + ".", base + "-a");
        for (List<String> names : List.of(full, empty)) {
            for (String name : names) {
                if (kit.info().offers(Capability.VECTORS)) {
                    kit.connection().namespace(name).vectors().createSpace(VectorSpace.cosine("s", 2));
                }
            }
        }
        full.forEach(name -> fill(kit, kit.connection().namespace(name)));

        empty.forEach(name -> assertNothingIn(kit, kit.connection().namespace(name)));
        NamespaceStatistics one = kit.connection().namespace(full.get(0)).statistics();
        for (String name : full) {
            assertThat(kit.connection().namespace(name).statistics()).as(name).isEqualTo(one);
        }
        kit.connection().namespace(full.get(0)).drop();
        assertThat(kit.connection().namespace(full.get(1)).statistics()).isEqualTo(one);
        assertThat(kit.connection().namespace(full.get(3)).statistics()).isEqualTo(one);
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G1", "N10"})
    void aFingerprintOfOneNamespaceBlocksNoOther(Kit kit) {
        NodeContent content = NodeContent.builder().fingerprint("f").build();
        for (int i = 0; i < 2; i++) {
            UUID id = UuidV7.next();
            Namespace namespace = kit.namespace();
            assertThat(namespace.graph().putUnique(NodeDraft.of(id, content))).isEqualTo(id);
            assertThat(namespace.graph().get(id)).isPresent();
        }
    }

    @Test
    @Needs({Capability.GRAPH, Capability.ERASURE})
    @Proves({"G1", "N6"})
    void anErasureInOneNamespaceTouchesNoOther(Kit kit) {
        Namespace one = kit.namespace();
        Namespace other = kit.namespace();
        UUID id = UuidV7.next();
        NodeDraft node = NodeDraft.of(id, NodeContent.builder().build());
        one.graph().put(node);
        one.erase(List.of(id));

        assertThat(other.graph().put(node)).isEqualTo(1);
        assertThat(other.graph().get(id)).isPresent();
        assertThatThrownBy(() -> one.graph().put(node)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    @Needs(value = Capability.KEYS, operationIds = true)
    @Proves({"G1", "G6"})
    void aDropThatIsRepeatedRemovesNothingThatWasWrittenSince(Kit kit) {
        String name = kit.name();
        Namespace namespace = kit.connection().namespace(name);
        UUID operation = UuidV7.next();
        namespace.batch().operationId(operation).put("k", Bytes.utf8("old")).apply();
        NamespaceDrop drop = NamespaceDrop.of(NamespaceName.of(name));
        Deadline deadline = Deadline.after(Duration.ofSeconds(30));
        CommitToken first = kit.backend().namespaces().drop(drop, deadline);
        namespace.keys().put("k", Bytes.utf8("new"));

        assertThat(kit.backend().namespaces().drop(drop, deadline)).isEqualTo(first);
        assertThat(namespace.keys().get("k").orElseThrow().value().utf8()).isEqualTo("new");
        assertThatThrownBy(() ->
                        kit.backend().namespaces().drop(new NamespaceDrop(NamespaceName.of(name), operation), deadline))
                .as("the id of a batch")
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        reused -> assertThat(reused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
        assertThatThrownBy(() -> namespace
                        .batch()
                        .operationId(drop.operationId())
                        .put("k", Bytes.EMPTY)
                        .apply())
                .as("the id of a drop")
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        reused -> assertThat(reused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
        assertThat(namespace.keys().get("k").orElseThrow().value().utf8()).isEqualTo("new");
        namespace.drop();
        assertThat(namespace.keys().get("k")).isEmpty();
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"G1", "E1", "E2"})
    void whoHasReadToTheEndMissesNoEventAfterADrop(Kit kit) {
        Namespace namespace = kit.namespace();
        for (int i = 0; i < 3; i++) {
            namespace.events().append(EventDraft.of("old", PropertyMap.empty()));
        }
        EventPosition read = namespace.events().last();
        namespace.drop();
        assertThat(namespace.events().read(EventQuery.after(EventPosition.START, 10)))
                .isEmpty();

        namespace.events().append(EventDraft.of("new", PropertyMap.empty()));
        assertThat(namespace.events().read(EventQuery.after(read, 10)))
                .extracting(Event::type)
                .containsExactly("new");
        if (kit.info().offers(Capability.CONSUMER_GROUPS)) {
            assertThat(namespace.events().groups()).isEmpty();
        }
    }

    /** What an application limits, names or makes unique in a namespace ends with it. */
    @Test
    @Proves("G1")
    void aNamespaceThatWasDroppedBeginsAnew(Kit kit) {
        Namespace namespace = kit.namespace();
        for (int dimensions = 2; dimensions < 5; dimensions++) {
            if (kit.info().offers(Capability.VECTORS)) {
                namespace.vectors().createSpace(VectorSpace.cosine("s", dimensions));
                namespace
                        .vectors()
                        .put(
                                "s",
                                VectorPoint.builder(new UUID(1, 1))
                                        .vector(ones(dimensions))
                                        .build());
                assertThat(namespace.vectors().count("s", Filter.everything())).isEqualTo(1);
            }
            if (kit.info().offers(Capability.RATE_LIMITS)) {
                assertThat(namespace
                                .limiter(1, Duration.ofDays(1))
                                .tryAcquire("k")
                                .allowed())
                        .isTrue();
            }
            if (kit.info().offers(Capability.GRAPH)) {
                NodeContent content = NodeContent.builder().fingerprint("f").build();
                UUID id = UuidV7.next();
                assertThat(namespace.graph().putUnique(NodeDraft.of(id, content)))
                        .isEqualTo(id);
                assertThat(namespace.graph().put(NodeDraft.of(new UUID(2, 2), content)))
                        .as("chains have no gaps")
                        .isEqualTo(1);
            }
            namespace.drop();
            assertThat(namespace.statistics()).isEqualTo(NamespaceStatistics.EMPTY);
        }
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** A drop has many steps where much is to be removed; nobody sees one of them. */
    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves({"G1", "G5"})
    void aDropIsOneMomentForWhoReadsAndWrites(Kit kit) {
        Namespace namespace = kit.namespace();
        int keys = 4_000;
        List<String> some = List.of("k0", "k" + keys / 2, "k" + (keys - 1));
        for (int round = 0; round < 3; round++) {
            for (int from = 0; from < keys; from += 1_000) {
                Map<String, Bytes> portion = new HashMap<>();
                for (int i = from; i < from + 1_000; i++) {
                    portion.put("k" + i, Bytes.EMPTY);
                }
                namespace.keys().putAll(portion);
            }
            AtomicBoolean dropped = new AtomicBoolean();
            kit.together(4, i -> {
                if (i == 0) {
                    namespace.drop();
                    dropped.set(true);
                    return i;
                }
                boolean again = true;
                while (again) {
                    again = !dropped.get();
                    if (i == 1) {
                        // Judged in one life, all of it goes or stays together.
                        namespace
                                .batch()
                                .add(PutKey.of("k" + (keys / 2), Bytes.EMPTY)
                                        .onlyIf(Condition.absent().orSkip()))
                                .add(PutKey.of("k0", Bytes.EMPTY)
                                        .onlyIf(Condition.absent().orSkip()))
                                .add(PutKey.of("k" + (keys - 1), Bytes.EMPTY)
                                        .onlyIf(Condition.absent().orSkip()))
                                .apply();
                    } else {
                        assertThat(namespace.keys().get(some).size()).isIn(0, 3);
                    }
                }
                return i;
            });
            assertThat(namespace.statistics().keys()).isIn(0L, 3L);
            namespace.drop();
        }
    }

    @Test
    @Needs(Capability.RATE_LIMITS)
    @Proves({"G1", "K4"})
    void limitersOfNamespacesAreApart(Kit kit) {
        Namespace one = kit.namespace();
        Namespace other = kit.namespace();

        assertThat(one.limiter(1, Duration.ofMinutes(1)).tryAcquire("k").allowed())
                .isTrue();
        assertThat(one.limiter(1, Duration.ofMinutes(1)).tryAcquire("k").allowed())
                .isFalse();
        assertThat(other.limiter(1, Duration.ofMinutes(1)).tryAcquire("k").allowed())
                .isTrue();
    }
}
