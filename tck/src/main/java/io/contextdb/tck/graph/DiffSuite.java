package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Diffs and scans. */
@Needs(Capability.GRAPH)
public abstract class DiffSuite {
    private static NodeContent text(String text) {
        return NodeContent.builder().property("text", text).build();
    }

    private static UUID put(Graph graph, String text) {
        NodeDraft draft = NodeDraft.of(text(text));
        graph.put(draft);
        return draft.id();
    }

    private static String text(Node node) {
        return node.properties().string("text").orElseThrow();
    }

    @Test
    @Proves({"N11", "G12"})
    void diffsTellWhatHappenedBetween(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        UUID same = put(graph, "same");
        UUID changed = put(graph, "changed");
        UUID retracted = put(graph, "retracted");
        UUID erased = put(graph, "erased");
        Instant from = graph.get(erased).orElseThrow().revision().transaction().from();
        UUID added = put(graph, "added");
        graph.put(NodeDraft.of(changed, text("again")));
        graph.retract(retracted, "r");
        namespace.erase(List.of(erased));
        UUID both = put(graph, "both");
        graph.retract(both, "r");
        Instant to = graph.get(both).orElseThrow().revision().transaction().from();
        put(graph, "later");

        List<NodeChange> changes = graph.diff(from, to).toList();
        assertThat(changes)
                .extracting(NodeChange::id, NodeChange::kind)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(added, NodeChange.Kind.ADDED),
                        org.assertj.core.groups.Tuple.tuple(changed, NodeChange.Kind.CHANGED),
                        org.assertj.core.groups.Tuple.tuple(retracted, NodeChange.Kind.RETRACTED),
                        org.assertj.core.groups.Tuple.tuple(erased, NodeChange.Kind.ERASED),
                        org.assertj.core.groups.Tuple.tuple(both, NodeChange.Kind.RETRACTED));
        assertThat(changes)
                .extracting(NodeChange::id)
                .doesNotContain(same)
                .isSortedAccordingTo(io.contextdb.spi.value.UuidOrder.INSTANCE);
        assertThat(graph.diff(to, to)).isEmpty();
        assertThatThrownBy(() -> graph.diff(to, from).toList()).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    @Proves({"N11", "G12"})
    void scansFilterAndPageAtATime(Kit kit) {
        Graph graph = kit.namespace().graph();
        List<UUID> ids = new ArrayList<>();
        IntStream.range(0, 25).forEach(i -> {
            NodeDraft draft = NodeDraft.of(
                    UUID.randomUUID(),
                    NodeContent.builder()
                            .label(i % 2 == 0 ? "even" : "odd")
                            .property("i", i)
                            .build());
            graph.put(draft);
            ids.add(draft.id());
        });
        Instant before =
                graph.get(ids.getLast()).orElseThrow().revision().transaction().from();
        graph.retract(ids.get(0), "r");
        NodeQuery even = NodeQuery.of(Filter.and(Filter.label("even"), Filter.ge(Field.property("i"), 0)));

        assertThat(graph.scanAll(even.page(PageRequest.first(4))).map(Node::id))
                .hasSize(12)
                .isSortedAccordingTo(io.contextdb.spi.value.UuidOrder.INSTANCE)
                .doesNotContain(ids.get(0));
        assertThat(graph.scanAll(even.asOf(AsOf.at(before))).map(Node::id))
                .hasSize(13)
                .contains(ids.get(0));
    }

    @Test
    @Proves("N11")
    void diffsShowWhatWasThereAtTheirEnd(Kit kit) {
        Graph graph = kit.namespace().graph();
        Instant start = commit(graph, put(graph, "before"));
        UUID id = put(graph, "v1");
        Instant first = commit(graph, id);
        graph.put(NodeDraft.of(id, text("v2")));
        Instant second = commit(graph, id);
        graph.put(NodeDraft.of(id, text("v3")));

        assertThat(changes(graph, start, first)).containsExactly("ADDED v1");
        assertThat(changes(graph, start, second)).containsExactly("ADDED v2");
        assertThat(changes(graph, first, second)).containsExactly("CHANGED v2");
        assertThat(changes(graph, second, Instant.now().plusSeconds(60))).containsExactly("CHANGED v3");
        assertThat(changes(graph, first.minusNanos(1_000), first)).containsExactly("ADDED v1");
        assertThat(changes(graph, first, first.plusNanos(0))).isEmpty();
        graph.retract(id, "r");
        graph.put(NodeDraft.of(id, text("v5")));
        assertThat(changes(graph, second, Instant.now().plusSeconds(60))).containsExactly("CHANGED v5");
    }

    private static Instant commit(Graph graph, UUID id) {
        return graph.get(id).orElseThrow().revision().transaction().from();
    }

    private static List<String> changes(Graph graph, Instant from, Instant to) {
        return graph.diff(from, to)
                .map(change ->
                        change.kind() + " " + change.node().map(DiffSuite::text).orElse(""))
                .toList();
    }

    @Test
    @Proves({"N11", "G12"})
    void idsAreOrderedAsUnsignedBytes(Kit kit) {
        Graph graph = kit.namespace().graph();
        List<UUID> ids = List.of(
                new UUID(0, 1),
                new UUID(0, -1),
                new UUID(1, 0),
                new UUID(Long.MAX_VALUE, 0),
                new UUID(Long.MIN_VALUE, 5),
                new UUID(-1, 0),
                new UUID(-1, -1));
        ids.reversed().forEach(id -> graph.put(NodeDraft.of(id, text("x"))));

        assertThat(graph.scanAll(NodeQuery.of(Filter.everything())).map(Node::id))
                .containsExactlyElementsOf(ids);
        assertThat(graph.scanAll(NodeQuery.of(Filter.everything()).page(PageRequest.first(1)))
                        .map(Node::id))
                .containsExactlyElementsOf(ids);
        assertThat(graph.diff(Instant.EPOCH, Instant.now().plusSeconds(60)).map(NodeChange::id))
                .containsExactlyElementsOf(ids);
    }
}
