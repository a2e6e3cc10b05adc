package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Batch;
import io.contextdb.Documents;
import io.contextdb.Events;
import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists: over more than a page each, while others write, and in the order asked. */
@Needs(batches = true)
public abstract class PagingSuite {
    /** More than the driver reads at once, twice. */
    private static final int MANY = 2_003;

    /** Items of a page as the driver reads lists. */
    private static final int PAGE = 1_000;

    private static void apply(Kit kit, Namespace namespace, IntFunction<Mutation> mutation, int count) {
        int most = Math.min(500, kit.info().limits().batchMutations());
        for (int from = 0; from < count; from += most) {
            Batch batch = namespace.batch();
            IntStream.range(from, Math.min(count, from + most))
                    .mapToObj(mutation)
                    .forEach(batch::add);
            batch.apply();
        }
    }

    /** Reads a page, lets others write, and reads the rest. */
    private static <T> List<T> interrupted(Stream<T> list, Runnable meanwhile) {
        List<T> read = new ArrayList<>();
        Iterator<T> items = list.iterator();
        while (items.hasNext()) {
            if (read.size() == PAGE) {
                meanwhile.run();
            }
            read.add(items.next());
        }
        return read;
    }

    private static List<String> names(String prefix) {
        return IntStream.range(0, MANY).mapToObj(i -> name(prefix, i)).toList();
    }

    private static String name(String prefix, int i) {
        return String.format("%s%05d", prefix, i);
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves({"G12", "K1"})
    void scansOfKeysGoOnWhereTheyStopped(Kit kit) {
        Namespace namespace = kit.namespace();
        apply(kit, namespace, i -> io.contextdb.spi.write.KeyMutation.PutKey.of(name("k", i), Bytes.EMPTY), MANY);

        assertThat(interrupted(namespace.keys().scan("k").map(KeyEntry::key), () -> {
                    namespace.keys().put("k", Bytes.EMPTY);
                    namespace.keys().put("k00000-", Bytes.EMPTY);
                    namespace.keys().deleteAll(names("k").subList(1, 4));
                }))
                .containsExactlyElementsOf(names("k"));
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G12", "N11"})
    void scansOfNodesGoOnWhereTheyStopped(Kit kit) {
        Namespace namespace = kit.namespace();
        NodeContent content = NodeContent.builder().build();
        apply(kit, namespace, i -> put(new UUID(1, i), content), MANY);
        List<UUID> ids = IntStream.range(0, MANY).mapToObj(i -> new UUID(1, i)).toList();

        for (int page : List.of(PAGE, MANY - 1, MANY, MANY + 1)) {
            NodeQuery query = NodeQuery.of(Filter.everything()).page(PageRequest.first(page));
            assertThat(namespace.graph().scanAll(query).map(Node::id)).containsExactlyElementsOf(ids);
        }
        assertThat(interrupted(
                        namespace
                                .graph()
                                .scanAll(NodeQuery.of(Filter.everything()).page(PageRequest.first(PAGE)))
                                .map(Node::id),
                        () -> {
                            namespace.graph().put(NodeDraft.of(new UUID(0, 1), content));
                            namespace.graph().retract(ids.get(1), "r");
                            namespace.graph().retract(ids.get(2), "r");
                        }))
                .containsExactlyElementsOf(ids);
    }

    private static Mutation put(UUID id, NodeContent content) {
        return new GraphMutation.PutNode(
                NodeDraft.of(id, content), io.contextdb.spi.write.Condition.none(), GraphMutation.Fingerprints.SHARED);
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G12", "N4"})
    void historiesOfNodesHaveEveryVersion(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID id = UuidV7.next();
        apply(
                kit,
                namespace,
                i -> put(id, NodeContent.builder().property("n", i).build()),
                MANY);

        assertThat(interrupted(
                        namespace.graph().history(id).map(Node::version),
                        () -> namespace.graph().retract(id, "r")))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, MANY + 1).boxed().toList());
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G12", "N7"})
    void historiesOfEdgesHaveEveryVersion(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID node = UuidV7.next();
        UUID id = UuidV7.next();
        namespace.graph().put(NodeDraft.of(node, NodeContent.builder().build()));
        apply(
                kit,
                namespace,
                i -> new GraphMutation.PutEdge(
                        EdgeDraft.of(id, EdgeContent.of(node, "t", node)), io.contextdb.spi.write.Condition.none()),
                MANY);

        assertThat(namespace.graph().edgeHistory(id).map(Edge::version))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, MANY).boxed().toList());
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G12", "N7"})
    void listsOfEdgesGoOnWhereTheyStopped(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID node = UuidV7.next();
        graph.put(NodeDraft.of(node, NodeContent.builder().build()));
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            EdgeDraft draft = EdgeDraft.of(
                    new UUID(5, i), EdgeContent.of(node, "t", node).withWeight(1 - Math.floorDiv(i, 4) * 0.1));
            graph.put(draft);
            ids.add(draft.id());
        }

        EdgeQuery query = EdgeQuery.of(Direction.OUTGOING, node).page(PageRequest.first(6));
        List<UUID> read = new ArrayList<>();
        Page<Edge> page;
        int round = 0;
        do {
            page = graph.edges(query);
            page.items().forEach(edge -> read.add(edge.id()));
            graph.put(EdgeDraft.of(new UUID(4, 2L * round), EdgeContent.of(node, "a", node)));
            graph.put(EdgeDraft.of(new UUID(4, 2L * round + 1), EdgeContent.of(node, "a", node)));
            graph.retractEdge(ids.get(round++), "r");
            query = query.page(query.page().after(page.next()));
        } while (page.hasNext());
        assertThat(read).containsExactlyElementsOf(ids);
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G12", "N9"})
    void listsOfSourcesGoOnWhereTheyStopped(Kit kit) {
        Namespace namespace = kit.namespace();
        apply(kit, namespace, i -> new GraphMutation.AddEvidence(name("s", i), 1, 0), MANY);

        assertThat(interrupted(
                        namespace.graph().sources().map(Source::externalId),
                        () -> namespace.graph().addEvidence("a", 1, 0)))
                .containsExactlyElementsOf(names("s"));
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G12", "N11"})
    void diffsGoOnWhereTheyStopped(Kit kit) {
        Namespace namespace = kit.namespace();
        NodeContent content = NodeContent.builder().build();
        apply(kit, namespace, i -> put(new UUID(1, i), content), MANY);
        Instant end = namespace
                .graph()
                .get(new UUID(1, MANY - 1))
                .orElseThrow()
                .revision()
                .transaction()
                .from();

        assertThat(interrupted(namespace.graph().diff(Instant.EPOCH, end), () -> {
                    namespace.graph().put(NodeDraft.of(new UUID(0, 1), content));
                    namespace.graph().put(NodeDraft.of(new UUID(1, 1_500), content));
                }))
                .hasSize(MANY)
                .allMatch(change -> change.kind() == NodeChange.Kind.ADDED)
                .extracting(change -> change.id().getLeastSignificantBits())
                .containsExactlyElementsOf(LongStream.range(0, MANY).boxed().toList());
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"G12", "V5b"})
    void scrollingGoesOnWhereItStopped(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        apply(
                kit,
                namespace,
                i -> new io.contextdb.spi.write.VectorMutation.PutPoint(
                        "s", VectorPoint.builder(new UUID(1, i)).vector(1, i).build()),
                MANY);

        assertThat(interrupted(namespace.vectors().scroll("s", Filter.everything()), () -> {
                    namespace
                            .vectors()
                            .put(
                                    "s",
                                    VectorPoint.builder(new UUID(0, 1))
                                            .vector(1, 1)
                                            .build());
                    namespace.vectors().delete("s", new UUID(1, 1));
                    namespace.vectors().delete("s", new UUID(1, 2));
                }))
                .extracting(point -> point.id().getLeastSignificantBits())
                .containsExactlyElementsOf(LongStream.range(0, MANY).boxed().toList());
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"G12", "D2"})
    void findsGoOnWhereTheyStopped(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        List<String> ids = IntStream.range(0, 30).mapToObj(i -> name("d", i)).toList();
        ids.forEach(id -> documents.put(id, PropertyMap.of("v", 1)));

        List<String> read = new ArrayList<>();
        PageRequest request = PageRequest.first(7);
        Page<Document> page;
        int round = 0;
        do {
            page = documents.find(Filter.eq(Field.property("v"), 1), List.of(), request);
            page.items().forEach(document -> read.add(document.id()));
            documents.put("a" + round, PropertyMap.of("v", 1));
            documents.put("b" + round, PropertyMap.of("v", 1));
            documents.delete(ids.get(round++));
            request = request.after(page.next());
        } while (page.hasNext());
        assertThat(read).containsExactlyElementsOf(ids);
    }

    @Test
    @Needs({Capability.EVENTS, Capability.CONSUMER_GROUPS})
    @Proves({"G12", "E3"})
    void deadLettersAreReadToTheLast(Kit kit) {
        Namespace namespace = kit.namespace();
        Events events = namespace.events();
        apply(
                kit,
                namespace,
                i -> new io.contextdb.spi.write.EventMutation.Append(EventDraft.of("t", PropertyMap.of("i", i))),
                MANY);
        events.createGroup(new ConsumerGroup("g", EventPosition.START, Duration.ofMillis(10), 1));

        kit.await("everything is given up", () -> {
            events.claim("g", 1_000);
            return events.groups().get(0).from().equals(events.last());
        });
        assertThat(events.deadLetters("g").map(letter -> letter.event().position()))
                .hasSize(MANY)
                .isSorted()
                .doesNotHaveDuplicates();
    }
}
