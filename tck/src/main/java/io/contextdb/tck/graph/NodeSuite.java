package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Graph;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nodes: versions and content. */
@Needs(Capability.GRAPH)
public abstract class NodeSuite {
    private static NodeContent text(String text) {
        return NodeContent.builder().property("text", text).build();
    }

    private static String text(Node node) {
        return node.properties().string("text").orElseThrow();
    }

    private static UUID put(Graph graph, String text) {
        NodeDraft draft = NodeDraft.of(text(text));
        graph.put(draft);
        return draft.id();
    }

    @Test
    @Proves({"N1", "G8", "N4"})
    void versionsFormAGaplessChainInTransactionTime(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        for (int i = 1; i <= 5; i++) {
            assertThat(graph.put(NodeDraft.of(id, text("v" + i)))).isEqualTo(i);
        }

        List<Node> history = graph.history(id).toList();
        assertThat(history).extracting(Node::version).containsExactly(1L, 2L, 3L, 4L, 5L);
        for (int i = 0; i < 4; i++) {
            Interval transaction = history.get(i).revision().transaction();
            assertThat(transaction.to())
                    .isEqualTo(history.get(i + 1).revision().transaction().from())
                    .isAfter(transaction.from());
        }
        assertThat(history.getLast().revision().transaction().isOpen()).isTrue();
        assertThat(history.getFirst().validity())
                .isEqualTo(Interval.from(
                        history.getFirst().revision().transaction().from()));
        assertThat(graph.get(id)).contains(history.getLast());
    }

    @Test
    @Proves({"N1", "G3", "G2"})
    void contentComesBackExactly(Kit kit) {
        Graph graph = kit.namespace().graph();
        NodeContent content = NodeContent.builder()
                .labels(List.of("b", "a", "😀", "é"))
                .properties(PropertyMap.of("i", 1, "f", 1.0, "n", null).with("z", -0.0))
                .source("the 'source' %")
                .confidence(0.123456789012345)
                .fingerprint("f")
                .build();
        Interval validity = Interval.between(
                Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59.999999999Z"));
        NodeDraft draft = NodeDraft.of(content).valid(validity);
        graph.put(draft);

        Node node = graph.get(draft.id()).orElseThrow();
        assertThat(node.content()).isEqualTo(content);
        assertThat(node.validity().from()).isEqualTo(validity.from());
        assertThat(node.validity().to()).isEqualTo(Instant.parse("9999-12-31T23:59:59.999999Z"));
    }

    @Test
    @Proves({"N3", "G12"})
    void nodesComeInTheOrderAskedWithoutTheAbsent(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID a = put(graph, "a");
        UUID b = put(graph, "b");

        assertThat(graph.get(List.of(b, UuidV7.next(), a, b)))
                .extracting(Node::id)
                .containsExactly(b, a);
        assertThat(graph.get(List.of(b, a), AsOf.now())).extracting(Node::id).containsExactly(b, a);
    }

    @Test
    @Proves({"N1", "G5"})
    void conditionsAreJudgedOnTheCurrentVersion(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        graph.put(NodeDraft.of(id, text("v1")), Condition.absent());

        assertThat(graph.put(NodeDraft.of(id, text("v2")), Condition.version(1)))
                .isEqualTo(2);
        assertThatThrownBy(() -> graph.put(NodeDraft.of(id, text("v3")), Condition.version(1)))
                .isInstanceOfSatisfying(
                        PreconditionFailedException.class,
                        failed -> assertThat(failed.currentVersion()).isEqualTo(2));
        assertThat(graph.put(NodeDraft.of(id, text("v3")), Condition.absent().orSkip()))
                .isZero();
        assertThat(graph.get(id).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    @Proves({"G8", "G13", "N1"})
    void concurrentWritersLeaveAGaplessChain(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();

        List<Long> versions = kit.together(32, i -> graph.put(NodeDraft.of(id, text("by " + i))));

        assertThat(versions)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 32).mapToObj(i -> (long) i).toList());
        assertThat(graph.history(id).map(Node::version))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 32).mapToObj(i -> (long) i).toList());
    }

    @Test
    @Proves("G1")
    void graphsOfNamespacesAreApart(Kit kit) {
        String name = kit.name();
        Graph one = kit.connection().namespace(name).graph();
        Graph other = kit.connection().namespace(name + "-x").graph();
        UUID id = put(one, "one");
        one.putSource("s", List.of(), PropertyMap.empty());

        assertThat(other.get(id)).isEmpty();
        assertThat(other.source("s")).isEmpty();
        assertThat(other.scanAll(NodeQuery.of(Filter.everything()))).isEmpty();
        assertThat(other.diff(Instant.EPOCH, Instant.now().plusSeconds(60))).isEmpty();
        assertThatThrownBy(() -> other.connect(id, "t", id)).isInstanceOf(InvalidRequestException.class);
        other.put(NodeDraft.of(id, text("other")));
        assertThat(one.get(id).map(NodeSuite::text)).contains("one");
    }
}
