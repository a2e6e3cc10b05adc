package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Values, texts and instants come back as they were written, whatever carries them. */
public abstract class ValueSuite {
    private static final List<String> TEXTS = List.of(
            "a",
            "A",
            " ",
            " a ",
            "tab\tand\nline",
            "quotes ' \" \\",
            "% _ * ?",
            "é",
            "e\u0301",
            "\u212b",
            "ﬁ",
            "ß",
            "İ",
            "😀",
            "\uE000",
            "\uFFFF",
            "null",
            "{}");

    private static final PropertyMap EXACT = exact();

    private static final List<Instant> INSTANTS = List.of(
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("0001-01-01T00:00:00.000001Z"),
            Instant.parse("1582-10-10T12:00:00Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.EPOCH,
            Instant.parse("1970-01-01T00:00:00.000001Z"),
            Instant.parse("2026-03-29T01:30:00.123456Z"),
            Instant.parse("2038-01-19T03:14:08Z"),
            Instant.parse("2262-04-11T23:47:16.854776Z"),
            Instant.parse("9999-12-31T23:59:59.999998Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"));

    private static PropertyMap exact() {
        PropertyMap map = PropertyMap.of("null", null, "true", true, "false", false)
                .with(
                        "integers",
                        Arrays.asList(0, 1, -1, Integer.MAX_VALUE + 1L, (1L << 53) - 1, 1L << 53, (1L << 53) + 1))
                .with("least", Long.MIN_VALUE)
                .with("greatest", Long.MAX_VALUE)
                .with("beyond doubles", -(1L << 53) - 1)
                .with("floats", Arrays.asList(0.0, -0.0, 1.0, -1.0, 0.1, 1e15, 1e21, 1e300, 0x1p53, 0x1p63))
                .with("negative zero", -0.0)
                .with("denormal", Double.MIN_VALUE)
                .with("largest denormal", Math.nextDown(Double.MIN_NORMAL))
                .with("largest", Double.MAX_VALUE)
                .with("nearly one", Math.nextDown(1.0))
                .with("one", 1.0)
                .with("empty", Arrays.asList("", List.of(), Map.of()))
                .with("empty text", "")
                .with("empty list", List.of())
                .with("empty map", Map.of())
                .with("nested", Arrays.asList(null, List.of(List.of(1)), Map.of("a", Arrays.asList(null, 1, 1.0))))
                .with("", "an empty key")
                .with("a.b", Map.of("a.b", 1, "$c", 2))
                .with("deep", PropertyMap.of("null", null, "zero", -0.0));
        for (String text : TEXTS) {
            map = map.with(text, text);
        }
        return map.with("texts", TEXTS);
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G3", "N1"})
    void nodesKeepTheirContent(Kit kit) {
        Graph graph = kit.namespace().graph();
        for (double confidence : new double[] {0, Double.MIN_VALUE, 0.1, 1.0 / 3, Math.nextDown(1.0), 1}) {
            NodeContent content = NodeContent.builder()
                    .labels(TEXTS)
                    .properties(EXACT)
                    .source("Ä source ")
                    .confidence(confidence)
                    .fingerprint("é f")
                    .build();
            NodeDraft draft = NodeDraft.of(content);
            graph.put(draft);

            assertThat(graph.get(draft.id())).map(Node::content).contains(content);
            assertThat(graph.history(draft.id()).map(Node::content)).containsExactly(content);
            assertThat(graph.scanAll(NodeQuery.of(Filter.eq(
                                    io.contextdb.spi.filter.Field.id(),
                                    draft.id().toString())))
                            .map(Node::content))
                    .containsExactly(content);
        }
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves("N1")
    void aNodeIsReplacedNotMerged(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        graph.put(NodeDraft.of(
                id,
                NodeContent.builder()
                        .label("a")
                        .property("a", 1)
                        .source("s")
                        .fingerprint("f")
                        .build()));
        NodeContent second = NodeContent.builder().label("b").property("b", 2).build();

        assertThat(graph.put(NodeDraft.of(id, second))).isEqualTo(2);
        assertThat(graph.get(id)).map(Node::content).contains(second);
        assertThat(graph.put(NodeDraft.of(id, second)))
                .as("equal content is a version, too")
                .isEqualTo(3);
        assertThat(graph.history(id)).hasSize(3);
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G3", "N7"})
    void edgesKeepTheirContent(Kit kit) {
        Graph graph = kit.namespace().graph();
        NodeDraft node = NodeDraft.of(NodeContent.builder().build());
        graph.put(node);
        for (double weight : new double[] {0, Double.MIN_VALUE, 0.1, 1.0 / 3, Math.nextDown(1.0), 1}) {
            EdgeContent content = new EdgeContent(node.id(), node.id(), "Knows É ", weight, EXACT);
            EdgeDraft draft = EdgeDraft.of(content);
            graph.put(draft);

            assertThat(graph.getEdge(draft.id())).map(Edge::content).contains(content);
            assertThat(graph.edgeHistory(draft.id()).map(Edge::content)).containsExactly(content);
        }
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G3", "N9"})
    void sourcesKeepTheirContent(Kit kit) {
        Graph graph = kit.namespace().graph();
        TEXTS.forEach(text -> graph.putSource(text, List.of(text), EXACT.with("id", text)));
        graph.addEvidence("a", 0.1, 1.0 / 3);

        for (String text : TEXTS) {
            Source source = graph.source(text).orElseThrow();
            assertThat(source.externalId()).isEqualTo(text);
            assertThat(source.labels()).containsExactly(text);
            assertThat(source.properties()).isEqualTo(EXACT.with("id", text));
        }
        Source source = graph.source("a").orElseThrow();
        assertThat(source.alpha()).isEqualTo(1.1);
        assertThat(source.beta()).isEqualTo(1 + 1.0 / 3);
        graph.putSource("a", List.of(), PropertyMap.empty());
        assertThat(graph.source("a").orElseThrow().properties())
                .as("replaced, not merged")
                .isEqualTo(PropertyMap.empty());
        assertThat(graph.source("a").orElseThrow().alpha()).isEqualTo(1.1);
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"G3", "V5b"})
    void pointsKeepTheirContent(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 3));
        VectorPoint point = VectorPoint.builder(UUID.randomUUID())
                .vector(3, -0.0f, Float.MIN_VALUE)
                .text(String.join(" ", TEXTS))
                .labels(TEXTS)
                .properties(EXACT)
                .source("Ä source ")
                .subject("É subject ")
                .validity(Interval.between(INSTANTS.getFirst(), INSTANTS.getLast()))
                .build();
        namespace.vectors().put("s", point);

        assertThat(namespace.vectors().get("s", point.id())).contains(point);
        assertThat(namespace.vectors().scroll("s", Filter.everything())).containsExactly(point);
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"G3", "E4"})
    void eventsKeepTheirContent(Kit kit) {
        Namespace namespace = kit.namespace();
        List<Payload> payloads = List.of(
                Payload.json(EXACT),
                Payload.json(PropertyMap.empty()),
                Payload.bytes(Bytes.EMPTY),
                Payload.bytes(Bytes.utf8("{}")),
                Payload.bytes(Bytes.utf8("{\"a\": 1}")),
                Payload.bytes(Bytes.of(new byte[] {0, -1, (byte) 0xC3, 0x28, 0})));
        for (Payload payload : payloads) {
            namespace.events().append(EventDraft.of("É Type ", payload).about("É subject "));
        }

        List<Event> events = namespace.events().read(EventQuery.after(EventPosition.START, 100));
        assertThat(events).extracting(Event::payload).containsExactlyElementsOf(payloads);
        assertThat(events).extracting(Event::type).containsOnly("É Type ");
        assertThat(events).extracting(Event::subject).containsOnly("É subject ");
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"G3", "D1"})
    void documentsKeepTheirContent(Kit kit) {
        Namespace namespace = kit.namespace();
        for (String text : TEXTS) {
            namespace.documents("c").put(text, EXACT.with("id", text));
        }

        for (String text : TEXTS) {
            assertThat(namespace.documents("c").get(text).orElseThrow().body()).isEqualTo(EXACT.with("id", text));
        }
        assertThat(namespace.documents("c").findAll(Filter.everything())).hasSize(TEXTS.size());
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G2", "N2"})
    void nodesKeepInstantsOfEveryYear(Kit kit) {
        Graph graph = kit.namespace().graph();
        for (int i = 0; i + 1 < INSTANTS.size(); i++) {
            Interval validity = Interval.between(INSTANTS.get(i), INSTANTS.get(i + 1));
            NodeDraft draft = NodeDraft.of(NodeContent.builder().build()).valid(validity);
            graph.put(draft);

            assertThat(graph.get(draft.id())).map(Node::validity).contains(validity);
            List<UUID> id = List.of(draft.id());
            assertThat(graph.get(id, AsOf.validAt(validity.from()))).hasSize(1);
            assertThat(graph.get(id, AsOf.validAt(validity.to()))).isEmpty();
            assertThat(graph.scanAll(NodeQuery.of(Filter.everything()).asOf(AsOf.validAt(validity.from())))
                            .map(Node::id))
                    .containsExactly(draft.id());
        }
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G2", "N7"})
    void edgesKeepInstantsOfEveryYear(Kit kit) {
        Graph graph = kit.namespace().graph();
        NodeDraft node = NodeDraft.of(NodeContent.builder().build());
        graph.put(node);
        for (int i = 0; i + 1 < INSTANTS.size(); i++) {
            Interval validity = Interval.between(INSTANTS.get(i), INSTANTS.get(i + 1));
            EdgeDraft draft =
                    EdgeDraft.of(EdgeContent.of(node.id(), "t", node.id())).valid(validity);
            graph.put(draft);

            assertThat(graph.getEdge(draft.id())).map(Edge::validity).contains(validity);
        }
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"G2", "V5b"})
    void pointsKeepInstantsOfEveryYear(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        for (int i = 0; i + 1 < INSTANTS.size(); i++) {
            Interval validity = Interval.between(INSTANTS.get(i), INSTANTS.get(i + 1));
            VectorPoint point = VectorPoint.builder(new UUID(0, i))
                    .vector(1, i)
                    .validity(validity)
                    .build();
            namespace.vectors().put("s", point);

            assertThat(namespace.vectors().get("s", point.id())).contains(point);
            assertThat(namespace
                            .vectors()
                            .scroll("s", Filter.validAt(validity.from()))
                            .map(VectorPoint::id))
                    .containsExactly(point.id());
        }
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"G2", "E4"})
    void eventsKeepInstantsOfEveryYear(Kit kit) {
        Namespace namespace = kit.namespace();
        INSTANTS.reversed()
                .forEach(instant -> namespace
                        .events()
                        .append(EventDraft.of("t", PropertyMap.empty()).at(instant)));

        assertThat(namespace.events().read(EventQuery.after(EventPosition.START, 100)))
                .extracting(Event::time)
                .containsExactlyElementsOf(INSTANTS.reversed());
    }
}
