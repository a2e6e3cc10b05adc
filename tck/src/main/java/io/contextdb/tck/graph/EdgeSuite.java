package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Edges: versions, ends, order. */
@Needs(Capability.GRAPH)
public abstract class EdgeSuite {
    private static NodeContent text(String text) {
        return NodeContent.builder().property("text", text).build();
    }

    private static UUID put(Graph graph, String text) {
        NodeDraft draft = NodeDraft.of(text(text));
        graph.put(draft);
        return draft.id();
    }

    @Test
    @Proves({"N7", "G8"})
    void edgesAreVersionedLikeNodes(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        UUID id = graph.connect(a, "knows", b);
        graph.put(EdgeDraft.of(id, EdgeContent.of(a, "knows", b).withWeight(0.5)));
        Instant before =
                graph.getEdge(id).orElseThrow().revision().transaction().from();
        graph.retractEdge(id, "over");

        assertThat(graph.edgeHistory(id).map(Edge::version)).containsExactly(1L, 2L, 3L);
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a)).items()).isEmpty();
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a).asOf(AsOf.at(before)))
                        .items())
                .extracting(Edge::weight)
                .containsExactly(0.5);
    }

    @Test
    @Proves("N7")
    void endPointsMustExistAndNeverChange(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        UUID id = graph.connect(a, "t", b);

        assertThatThrownBy(() -> graph.connect(a, "t", UuidV7.next()))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("edge.to");
        assertThatThrownBy(() -> graph.put(EdgeDraft.of(id, EdgeContent.of(b, "t", a))))
                .isInstanceOf(InvalidRequestException.class);
        NodeDraft fresh = NodeDraft.of(text("fresh"));
        namespace
                .batch()
                .put(fresh)
                .put(EdgeDraft.of(EdgeContent.of(a, "t", fresh.id())))
                .apply();
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a)).items()).hasSize(2);
    }

    @Test
    @Proves({"N7", "G12"})
    void edgesAreOrderedByTypeWeightAndId(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        List<EdgeDraft> drafts = new ArrayList<>();
        for (String type : List.of("z", "A", "a", "é")) {
            for (double weight : new double[] {0, 0.5, 1}) {
                drafts.add(EdgeDraft.of(
                        UUID.randomUUID(), EdgeContent.of(a, type, b).withWeight(weight)));
                drafts.add(EdgeDraft.of(
                        UUID.randomUUID(), EdgeContent.of(a, type, a).withWeight(weight)));
            }
        }
        Collections.shuffle(drafts, kit.random());
        drafts.forEach(graph::put);

        List<Edge> all = graph.edges(EdgeQuery.of(Direction.OUTGOING, a)).items();
        assertThat(all).hasSize(24).isSortedAccordingTo(Edge.ORDER);
        List<Edge> paged = new ArrayList<>();
        EdgeQuery query = EdgeQuery.of(Direction.OUTGOING, a).page(PageRequest.first(5));
        var page = graph.edges(query);
        paged.addAll(page.items());
        while (page.hasNext()) {
            query = query.page(query.page().after(page.next()));
            page = graph.edges(query);
            paged.addAll(page.items());
        }
        assertThat(paged).isEqualTo(all);
        assertThat(graph.edges(EdgeQuery.of(Direction.INCOMING, a)).items()).hasSize(12);
        assertThat(graph.edges(EdgeQuery.of(Direction.BOTH, a)).items()).hasSize(24);
        assertThat(graph.edges(EdgeQuery.of(Direction.OUTGOING, a).types(List.of("é", "z")))
                        .items())
                .hasSize(12)
                .allMatch(edge -> !edge.type().equalsIgnoreCase("a"));
    }

    @Test
    @Proves({"N5", "N7"})
    void retractedEdgesKeepTheirReasonAndNeverLiveLonger(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID a = put(graph, "a");
        Instant past = Instant.parse("2020-01-01T00:00:00Z");
        Instant future = Instant.now().plusSeconds(86_400);
        UUID ended = UuidV7.next();
        UUID coming = UuidV7.next();
        graph.put(EdgeDraft.of(ended, EdgeContent.of(a, "t", a)).valid(Interval.between(past, past.plusSeconds(1))));
        graph.put(EdgeDraft.of(coming, EdgeContent.of(a, "t", a)).valid(Interval.from(future)));

        assertThat(graph.retractEdge(ended, "wrong 'é'")).isEqualTo(2);
        graph.retractEdge(coming, "r");
        Edge retracted = graph.getEdge(ended).orElseThrow();
        assertThat(retracted.revision().retraction()).isEqualTo("wrong 'é'");
        assertThat(retracted.validity()).isEqualTo(Interval.between(past, past.plusSeconds(1)));
        assertThat(graph.getEdge(coming).orElseThrow().validity()).isEqualTo(Interval.between(future, future));
        assertThat(graph.edges(EdgeQuery.of(Direction.BOTH, a).asOf(AsOf.validAt(future.plusSeconds(1))))
                        .items())
                .isEmpty();
        assertThatThrownBy(() -> graph.retractEdge(UuidV7.next(), "r"))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_FOUND));
        graph.put(EdgeDraft.of(ended, EdgeContent.of(a, "t", a)));
        assertThat(graph.edges(EdgeQuery.of(Direction.BOTH, a)).items())
                .extracting(Edge::id)
                .containsExactly(ended);
    }

    @Test
    @Proves("N7")
    void edgesOfSeveralNodesAreListedOnceEach(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        UUID c = put(graph, "c");
        UUID between = graph.connect(a, "t", b);
        UUID loop = graph.connect(b, "u", b);
        UUID out = graph.connect(b, "v", c);
        UUID in = graph.connect(c, "w", a);

        assertThat(ids(graph, Direction.OUTGOING, a, b)).containsExactly(between, loop, out);
        assertThat(ids(graph, Direction.INCOMING, a, b)).containsExactly(between, loop, in);
        assertThat(ids(graph, Direction.BOTH, b, a, b)).containsExactly(between, loop, out, in);
        assertThat(graph.edges(new EdgeQuery(List.of(), Direction.BOTH, List.of(), AsOf.now(), PageRequest.first()))
                        .items())
                .isEmpty();
        assertThat(graph.edges(EdgeQuery.of(Direction.BOTH, a, b).types(List.of("T", "U")))
                        .items())
                .as("types are compared exactly")
                .isEmpty();
    }

    private static List<UUID> ids(Graph graph, Direction direction, UUID... nodes) {
        return graph.edges(EdgeQuery.of(direction, nodes)).items().stream()
                .map(Edge::id)
                .toList();
    }

    @Test
    @Proves({"N7", "G12"})
    void tiesBetweenEdgesOfSeveralNodesBreakById(Kit kit) {
        Graph graph = kit.namespace().graph();
        List<UUID> nodes = List.of(put(graph, "a"), put(graph, "b"), put(graph, "c"));
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            UUID node = nodes.get(i % 3);
            UUID id = new UUID(9, (7 * i) % 12);
            graph.put(EdgeDraft.of(id, EdgeContent.of(node, "t", nodes.get((i + 1) % 3))));
            ids.add(id);
        }
        ids.sort(io.contextdb.spi.value.UuidOrder.INSTANCE);

        for (int limit : new int[] {1, 5, 12, 100}) {
            for (Direction direction : Direction.values()) {
                EdgeQuery query =
                        EdgeQuery.of(direction, nodes.toArray(UUID[]::new)).page(PageRequest.first(limit));
                List<UUID> read = new ArrayList<>();
                var page = graph.edges(query);
                page.items().forEach(edge -> read.add(edge.id()));
                while (page.hasNext()) {
                    query = query.page(query.page().after(page.next()));
                    page = graph.edges(query);
                    page.items().forEach(edge -> read.add(edge.id()));
                }
                assertThat(read).as("%s by %d", direction, limit).containsExactlyElementsOf(ids);
            }
        }
    }

    @Test
    @Proves("N7")
    void edgesOutliveTheRetractionOfTheirNodes(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");
        UUID edge = graph.connect(a, "t", b);
        graph.retract(b, "r");

        assertThat(ids(graph, Direction.OUTGOING, a)).containsExactly(edge);
        assertThat(ids(graph, Direction.INCOMING, b)).containsExactly(edge);
        UUID second = graph.connect(b, "t", a);
        assertThat(ids(graph, Direction.OUTGOING, b))
                .as("a retracted node exists")
                .containsExactly(second);
    }
}
