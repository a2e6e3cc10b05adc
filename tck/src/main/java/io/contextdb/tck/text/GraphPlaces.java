package io.contextdb.tck.text;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Texts of nodes, edges and sources. */
final class GraphPlaces {
    private static final String NUMBER = "number";
    private static final UUID HUB = new UUID(1, 1);

    private GraphPlaces() {}

    static List<Place> all() {
        return List.of(
                node(
                        "node's label",
                        Rule.bytes(1, 256),
                        "node.labels",
                        text -> NodeContent.builder().labels(List.of("one", text)),
                        Filter::label,
                        text -> node -> node.labels().contains(text)),
                node(
                                "node's source",
                                Rule.bytes(0, 512),
                                "node.source",
                                text -> NodeContent.builder().source(text),
                                text -> Filter.eq(Field.source(), text),
                                text -> node -> node.source().equals(text))
                        .emptyIsNone(),
                node(
                        "node's property",
                        Rule.any(),
                        "",
                        text -> NodeContent.builder().property("text", text),
                        text -> Filter.eq(Field.property("text"), text),
                        text -> node -> text.equals(node.properties().get("text"))),
                fingerprint(),
                source(),
                edge(),
                reason());
    }

    /** The node that all edges leave. */
    static void prepare(Namespace namespace) {
        namespace
                .graph()
                .put(NodeDraft.of(HUB, NodeContent.builder().label("hub").build()));
    }

    private static Place node(
            String name,
            Rule rule,
            String field,
            Function<String, NodeContent.Builder> content,
            Function<String, Filter> filter,
            Function<String, java.util.function.Predicate<Node>> kept) {
        return Place.of(
                        name,
                        Capability.GRAPH,
                        rule,
                        field,
                        (namespace, batch, text, number) -> batch.accept(put(
                                new UUID(2, number),
                                content.apply(text).property(NUMBER, number).build())),
                        (namespace, text) -> namespace
                                .graph()
                                .scanAll(NodeQuery.of(
                                        Filter.and(filter.apply(text), Filter.exists(Field.property(NUMBER)))))
                                .map(node -> kept.apply(text).test(node) ? number(node.properties()) : -1)
                                .toList())
                .byFilter();
    }

    private static GraphMutation.PutNode put(UUID id, NodeContent content) {
        return new GraphMutation.PutNode(
                NodeDraft.of(id, content), Condition.none(), GraphMutation.Fingerprints.SHARED);
    }

    private static int number(PropertyMap properties) {
        return Math.toIntExact(properties.integer(NUMBER).orElse(-1L));
    }

    private static Place fingerprint() {
        return Place.of(
                "fingerprint",
                Capability.GRAPH,
                Rule.bytes(1, 512),
                "fingerprint",
                (namespace, batch, text, number) -> {
                    if (text.isEmpty()) {
                        // A node may have none, but nobody can look for none.
                        namespace.graph().findByFingerprint(List.of(text));
                    }
                    batch.accept(put(
                            new UUID(3, number),
                            NodeContent.builder()
                                    .fingerprint(text)
                                    .property(NUMBER, number)
                                    .build()));
                },
                (namespace, text) -> namespace.graph().findByFingerprint(List.of(text)).entrySet().stream()
                        .map(found -> found.getKey().equals(text)
                                        && found.getValue()
                                                .content()
                                                .fingerprint()
                                                .equals(text)
                                ? number(found.getValue().properties())
                                : -1)
                        .toList());
    }

    private static Place source() {
        return Place.of(
                        "source",
                        Capability.GRAPH,
                        Rule.bytes(1, 512),
                        "externalId",
                        (namespace, batch, text, number) -> batch.accept(new GraphMutation.PutSource(
                                text, new java.util.TreeSet<>(), PropertyMap.of(NUMBER, number))),
                        (namespace, text) -> namespace.graph().source(text).stream()
                                .map(source -> source.externalId().equals(text) ? number(source.properties()) : -1)
                                .toList())
                .also("externalIds", (namespace, text) -> namespace.graph().sources(List.of("a", text)))
                .also("externalId", (namespace, text) -> namespace.graph().addEvidence(text, 1, 1))
                .also(
                        "externalId",
                        (namespace, text) -> namespace.graph().putSource(text, List.of(), PropertyMap.empty()));
    }

    private static Place edge() {
        return Place.of(
                        "edge's type",
                        Capability.GRAPH,
                        Rule.bytes(1, 256),
                        "edge.type",
                        (namespace, batch, text, number) -> batch.accept(new GraphMutation.PutEdge(
                                EdgeDraft.of(
                                        new UUID(4, number),
                                        EdgeContent.of(HUB, text, HUB).withProperties(PropertyMap.of(NUMBER, number))),
                                Condition.none())),
                        (namespace, text) ->
                                namespace
                                        .graph()
                                        .edges(EdgeQuery.of(Direction.OUTGOING, HUB)
                                                .types(List.of(text)))
                                        .items()
                                        .stream()
                                        .map(edge -> edge.type().equals(text)
                                                ? number(edge.content().properties())
                                                : -1)
                                        .toList())
                .also(
                        "walk.types",
                        (namespace, text) -> namespace
                                .graph()
                                .walk(WalkQuery.from(HUB).types("a", text).build()))
                .also("edge.type", (namespace, text) -> namespace.graph().connect(HUB, text, HUB));
    }

    /** Why a node was retracted, which its version keeps. */
    private static Place reason() {
        return Place.of(
                        "reason",
                        Capability.GRAPH,
                        Rule.bytes(1, 2_048),
                        "reason",
                        (namespace, batch, text, number) -> {
                            UUID id = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
                            batch.accept(put(
                                    id,
                                    NodeContent.builder()
                                            .property(NUMBER, number)
                                            .build()));
                            batch.accept(new GraphMutation.RetractNode(id, text, Condition.none()));
                        },
                        (namespace, text) -> {
                            // Reads do not take it; the place is one of writes.
                            new GraphMutation.RetractNode(HUB, text, Condition.none());
                            UUID id = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
                            return namespace.graph().get(id).stream()
                                    .map(node ->
                                            node.revision().retraction().equals(text) ? number(node.properties()) : -1)
                                    .toList();
                        })
                .also("reason", (namespace, text) -> namespace.graph().retractEdge(HUB, text))
                .also("reason", (namespace, text) -> namespace.batch().retract(HUB, text));
    }
}
