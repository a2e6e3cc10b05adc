package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is asked for by ids, and the order of lists. */
public abstract class OrderSuite {
    /** Asks in an order of its own, for something twice and for something absent. */
    private static <K, T> void askedInOrder(
            List<K> some,
            K absent,
            java.util.function.Function<Collection<K>, List<T>> get,
            java.util.function.Function<T, K> key) {
        List<K> asked = new ArrayList<>(some.reversed());
        asked.add(1, absent);
        asked.addAll(some);
        assertThat(get.apply(asked)).extracting(key::apply).containsExactlyElementsOf(some.reversed());
        assertThat(get.apply(List.of())).isEmpty();
    }

    @Test
    @Proves("G12")
    void eachIsAnsweredOnceInTheOrderAsked(Kit kit) {
        Namespace namespace = kit.namespace();
        // In none of the orders that a store may have: signed, unsigned, of their writing.
        List<UUID> ids =
                List.of(new UUID(1, 5), new UUID(-1, 0), new UUID(1, 2), new UUID(Long.MIN_VALUE, 9), new UUID(3, 3));
        List<String> names = List.of("m", "😀", "a", "Z", "\uFFFD", "é");
        if (kit.info().offers(Capability.KEYS)) {
            names.forEach(name -> namespace.keys().put(name, Bytes.EMPTY));
            askedInOrder(names, "absent", namespace.keys()::get, KeyEntry::key);
        }
        if (kit.info().offers(Capability.DOCUMENTS)) {
            names.forEach(name -> namespace.documents("c").put(name, PropertyMap.empty()));
            askedInOrder(names, "absent", namespace.documents("c")::get, Document::id);
        }
        if (kit.info().offers(Capability.GRAPH)) {
            ids.forEach(id ->
                    namespace.graph().put(NodeDraft.of(id, NodeContent.builder().build())));
            ids.forEach(id -> namespace.graph().put(EdgeDraft.of(id, EdgeContent.of(id, "t", id))));
            names.forEach(name -> namespace.graph().addEvidence(name, 0, 0));
            askedInOrder(ids, UuidV7.next(), namespace.graph()::get, Node::id);
            askedInOrder(
                    ids,
                    UuidV7.next(),
                    some -> namespace.graph().get(some, io.contextdb.spi.value.AsOf.now()),
                    Node::id);
            askedInOrder(ids, UuidV7.next(), namespace.graph()::getEdges, Edge::id);
            askedInOrder(names, "absent", namespace.graph()::sources, Source::externalId);
        }
        if (kit.info().offers(Capability.VECTORS)) {
            namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
            ids.forEach(id -> namespace
                    .vectors()
                    .put("s", VectorPoint.builder(id).vector(1, 1).build()));
            askedInOrder(ids, UuidV7.next(), some -> namespace.vectors().get("s", some), VectorPoint::id);
        }
    }

    @Test
    @Proves("G12")
    void listsHaveATotalOrder(Kit kit) {
        Namespace namespace = kit.namespace();
        List<String> names = List.of("b", "a", "B", "\uFFFD", "😀", "é", "e\u0301", "10", "9");
        List<String> ordered = new ArrayList<>(names);
        ordered.sort(io.contextdb.spi.value.CodePointOrder.INSTANCE);
        if (kit.info().offers(Capability.VECTORS)) {
            names.forEach(name -> namespace.vectors().createSpace(VectorSpace.cosine(name, 2)));
            assertThat(namespace.vectors().spaces())
                    .extracting(VectorSpace::name)
                    .containsExactlyElementsOf(ordered);
        }
        if (kit.info().offers(Capability.CONSUMER_GROUPS)) {
            names.forEach(name -> namespace.events().createGroup(ConsumerGroup.named(name)));
            assertThat(namespace.events().groups())
                    .extracting(ConsumerGroup::name)
                    .containsExactlyElementsOf(ordered);
        }
        if (kit.info().offers(Capability.DOCUMENTS)) {
            names.forEach(name -> namespace.documents("c").put(name, PropertyMap.of("v", names.size())));
            assertThat(namespace.documents("c").findAll(Filter.everything()).map(Document::id))
                    .containsExactlyElementsOf(ordered);
        }
        if (kit.info().offers(Capability.GRAPH)) {
            names.forEach(name -> namespace.graph().addEvidence(name, 0, 0));
            assertThat(namespace.graph().sources().map(Source::externalId)).containsExactlyElementsOf(ordered);
        }
    }

    /** Ten thousand, of which the store has some that are far apart. */
    private static <K, T> void manyAsked(
            List<K> there, IntFunction<K> absent, Function<Collection<K>, List<T>> get, Function<T, K> key) {
        List<K> asked =
                new ArrayList<>(IntStream.range(0, 10_000).mapToObj(absent).toList());
        for (int i = 0; i < there.size(); i++) {
            asked.set(i * 9_999 / (there.size() - 1), there.get(i));
        }
        assertThat(get.apply(asked)).extracting(key::apply).containsExactlyElementsOf(there);
    }

    @Test
    @Proves({"G12", "G9"})
    void tenThousandAreAskedForAtOnce(Kit kit) {
        Namespace namespace = kit.namespace();
        List<UUID> ids = IntStream.range(0, 4).mapToObj(i -> new UUID(1, i)).toList();
        List<String> names = List.of("d", "a", "c", "b");
        IntFunction<UUID> noId = i -> new UUID(2, i);
        IntFunction<String> noName = i -> "absent " + i;
        if (kit.info().offers(Capability.KEYS)) {
            names.forEach(name -> namespace.keys().put(name, Bytes.EMPTY));
            manyAsked(names, noName, namespace.keys()::get, KeyEntry::key);
        }
        if (kit.info().offers(Capability.DOCUMENTS)) {
            names.forEach(name -> namespace.documents("c").put(name, PropertyMap.empty()));
            manyAsked(names, noName, namespace.documents("c")::get, Document::id);
        }
        if (kit.info().offers(Capability.GRAPH)) {
            ids.forEach(id -> namespace
                    .graph()
                    .put(NodeDraft.of(
                            id, NodeContent.builder().fingerprint("f" + id).build())));
            ids.forEach(id -> namespace.graph().put(EdgeDraft.of(id, EdgeContent.of(id, "t", id))));
            names.forEach(name -> namespace.graph().addEvidence(name, 0, 0));
            manyAsked(ids, noId, namespace.graph()::get, Node::id);
            manyAsked(ids, noId, some -> namespace.graph().get(some, AsOf.now()), Node::id);
            manyAsked(ids, noId, namespace.graph()::getEdges, Edge::id);
            manyAsked(names, noName, namespace.graph()::sources, Source::externalId);
            manyAsked(
                    ids,
                    noId,
                    some -> namespace
                            .graph()
                            .edges(new EdgeQuery(
                                    List.copyOf(some), Direction.BOTH, List.of(), AsOf.now(), PageRequest.first()))
                            .items(),
                    Edge::id);
            manyAsked(
                    ids,
                    noId,
                    some -> namespace
                            .graph()
                            .walk(WalkQuery.from(some).maxDepth(1).build()),
                    step -> step.node().id());
            List<String> prints =
                    new ArrayList<>(IntStream.range(0, 9_999).mapToObj(noName).toList());
            prints.add("f" + ids.get(3));
            assertThat(namespace.graph().findByFingerprint(prints)).containsOnlyKeys("f" + ids.get(3));
        }
        if (kit.info().offers(Capability.VECTORS)) {
            namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
            ids.forEach(id -> namespace
                    .vectors()
                    .put("s", VectorPoint.builder(id).vector(1, 1).build()));
            manyAsked(ids, noId, some -> namespace.vectors().get("s", some), VectorPoint::id);
        }
    }
}
