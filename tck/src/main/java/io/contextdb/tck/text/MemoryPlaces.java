package io.contextdb.tck.text;

import io.contextdb.memory.Cascade;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeQuery;
import java.util.List;
import java.util.UUID;

/** Texts of memories, through all that memory makes of them. */
final class MemoryPlaces {
    private static final String NUMBER = "number";

    private MemoryPlaces() {}

    static List<Place> all() {
        return List.of(text(), source(), label());
    }

    private static Place text() {
        return Place.of(
                        "memory's text",
                        Capability.TEXT_SEARCH,
                        Rule.bytes(0, (1 << 20) - 1),
                        "memory.text",
                        (namespace, batch, text, number) -> namespace
                                .memory()
                                .write(MemoryDraft.of("m" + text)
                                        .property(NUMBER, number)
                                        .asIs()),
                        (namespace, text) -> {
                            MemoryDraft.of("m" + text);
                            if (text.length() < 1_000) {
                                namespace.memory().retrieve(MemoryQuery.of(text));
                            }
                            return numbers(namespace
                                    .graph()
                                    .scanAll(NodeQuery.of(Filter.eq(Field.property("text"), "m" + text)))
                                    .toList());
                        })
                .also("query.text", (namespace, text) -> {
                    if (Rule.isUnicode(text)) {
                        MemoryQuery.of(text + "x".repeat(100_001));
                    }
                    MemoryQuery.of(text);
                })
                .also("reason", (namespace, text) -> namespace.memory().retract(new UUID(1, 1), text, Cascade.NONE))
                .few();
    }

    private static List<Integer> numbers(List<Node> nodes) {
        return nodes.stream()
                .map(node -> Math.toIntExact(node.properties().integer(NUMBER).orElse(-1L)))
                .toList();
    }

    private static Place source() {
        return Place.of(
                        "memory's source",
                        Capability.TEXT_SEARCH,
                        Rule.bytes(0, 512),
                        "memory.source",
                        (namespace, batch, text, number) -> namespace
                                .memory()
                                .write(MemoryDraft.of("m" + number)
                                        .source(text)
                                        .property(NUMBER, number)
                                        .asIs()),
                        (namespace, text) -> numbers(namespace
                                .graph()
                                .scanAll(NodeQuery.of(Filter.eq(Field.source(), text)))
                                .toList()))
                .also("source", (namespace, text) -> namespace.memory().forget(text))
                .byFilter()
                .emptyIsNone()
                .few();
    }

    private static Place label() {
        return Place.of(
                        "memory's label",
                        Capability.TEXT_SEARCH,
                        Rule.bytes(1, 256),
                        "memory.labels",
                        (namespace, batch, text, number) -> namespace
                                .memory()
                                .write(MemoryDraft.of("m" + number)
                                        .labels(text)
                                        .property(NUMBER, number)
                                        .asIs()),
                        (namespace, text) -> numbers(namespace
                                .graph()
                                .scanAll(NodeQuery.of(Filter.label(text)))
                                .toList()))
                .byFilter()
                .few();
    }
}
