package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Namespace;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
        one.drop();
        assertThat(one.graph().put(node))
                .as("a dropped namespace has no tombstones")
                .isEqualTo(1);
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
