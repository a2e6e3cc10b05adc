package io.contextdb.bench.growth;

import io.contextdb.Documents;
import io.contextdb.Graph;
import io.contextdb.HybridQuery;
import io.contextdb.Namespace;
import io.contextdb.bench.Operation;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorQuery;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Every kind of read and write of the contract, each about something that was chosen at random. */
final class Calls {
    private static final String SPACE = GrowingStore.SPACE;

    private Calls() {}

    static Map<String, Operation> all(GrowingStore store) {
        Map<String, Operation> calls = new LinkedHashMap<>();
        graphReads(store, calls);
        vectorReads(store, calls);
        otherReads(store, calls);
        writes(store, calls);
        return calls;
    }

    private static void graphReads(GrowingStore store, Map<String, Operation> calls) {
        Graph graph = store.namespace.graph();
        calls.put("get a node", () -> graph.get(store.anyNode()).stream().count());
        calls.put(
                "get 100 nodes",
                () -> graph.get(Stream.generate(store::anyNode).limit(100).toList())
                        .size());
        calls.put(
                "get a node as of an instant",
                () -> graph.get(List.of(store.anyNode()), AsOf.at(store.lastCommit()))
                        .size());
        calls.put("history of a node", () -> count(graph.history(store.anyNode())));
        calls.put(
                "a node by its fingerprint",
                () -> graph.findByFingerprint(List.of("f" + store.random.nextInt(store.nodes())))
                        .size());
        calls.put(
                "edges of a node",
                () -> graph.edges(EdgeQuery.of(Direction.BOTH, store.anyNode()))
                        .items()
                        .size());
        calls.put(
                "walk of 3 hops, 200 nodes at most",
                () -> graph.walk(WalkQuery.from(store.anyNode())
                                .maxDepth(3)
                                .limit(200)
                                .build())
                        .size());
        calls.put(
                "20 nodes by a property",
                () -> graph.scan(NodeQuery.of(Filter.eq(Field.property("group"), store.anyGroup())))
                        .items()
                        .size());
        calls.put(
                "first 100 nodes of a label",
                () -> graph.scan(NodeQuery.of(Filter.label("grown")).page(PageRequest.first(100)))
                        .items()
                        .size());
        calls.put("diff over a commit of 1,000 nodes", () -> count(graph.diff(store.beforeLast(), store.lastCommit())));
    }

    private static void vectorReads(GrowingStore store, Map<String, Operation> calls) {
        Namespace namespace = store.namespace;
        Filter group = Filter.eq(Field.property("group"), 1);
        calls.put("nearest 10", () -> namespace.vectors().search(nearest(store)).size());
        calls.put(
                "nearest 10 of a group of 20",
                () -> namespace.vectors().search(nearest(store).where(group)).size());
        calls.put(
                "10 best texts",
                () -> namespace
                        .vectors()
                        .searchText(TextQuery.of(SPACE, store.words.sentence(3), 10))
                        .size());
        calls.put(
                "10 by vector and text",
                () -> namespace
                        .vectors()
                        .searchHybrid(new HybridQuery(
                                SPACE,
                                Vector.of(store.vectors.next()),
                                store.words.sentence(3),
                                10,
                                Filter.everything()))
                        .size());
        calls.put(
                "get a point",
                () -> namespace.vectors().get(SPACE, store.anyPoint()).stream().count());
        calls.put("count points of a group", () -> namespace.vectors().count(SPACE, group));
        calls.put("count all points", () -> namespace.vectors().count(SPACE, Filter.everything()));
        calls.put(
                "first 20 points of a scroll",
                () -> count(
                        namespace.vectors().scroll(SPACE, Filter.everything()).limit(20)));
    }

    private static VectorQuery nearest(GrowingStore store) {
        return VectorQuery.nearest(SPACE, Vector.of(store.vectors.next()), 10);
    }

    private static void otherReads(GrowingStore store, Map<String, Operation> calls) {
        Namespace namespace = store.namespace;
        Documents documents = namespace.documents("documents");
        calls.put(
                "get a key", () -> namespace.keys().get(store.anyKey()).stream().count());
        calls.put("scan 20 keys of a prefix", () -> count(namespace.keys().scan("group" + store.anyGroup() + "/")));
        calls.put(
                "read 100 events after a position",
                () -> namespace
                        .events()
                        .read(EventQuery.after(store.middle(), 100))
                        .size());
        calls.put(
                "count 20 events of a subject",
                () -> namespace
                        .events()
                        .aggregate(new AggregateQuery(
                                Filter.eq(Field.subject(), "group" + store.anyGroup()),
                                TimeBucket.ALL,
                                ZoneOffset.UTC,
                                List.of(),
                                List.of(Measure.count("count"))))
                        .size());
        calls.put(
                "get a document",
                () -> documents.get(store.anyDocument()).stream().count());
        calls.put(
                "20 documents of a group, sorted",
                () -> documents
                        .find(
                                Filter.eq(Field.property("group"), store.anyGroup()),
                                List.of(SortKey.descending("number")),
                                PageRequest.first(20))
                        .items()
                        .size());
    }

    private static void writes(GrowingStore store, Map<String, Operation> calls) {
        Namespace namespace = store.namespace;
        Graph graph = namespace.graph();
        calls.put("put a node", () -> graph.put(GrowingStore.node(UUID.randomUUID(), "", -1)));
        calls.put("change a node", () -> graph.put(GrowingStore.node(store.anyNode(), "", -1)));
        calls.put(
                "put an edge", () -> graph.put(EdgeDraft.of(EdgeContent.of(store.anyNode(), "also", store.anyNode()))));
        calls.put("retract a node", () -> graph.retract(store.anyNode(), "measured"));
        calls.put("erase a node", () -> {
            UUID id = UUID.randomUUID();
            graph.put(GrowingStore.node(id, "", -1));
            return namespace.erase(List.of(id));
        });
        calls.put("put a point", () -> {
            namespace.vectors().put(SPACE, store.point(UUID.randomUUID(), -1));
            return 1;
        });
        calls.put("put and delete a point", () -> {
            UUID id = UUID.randomUUID();
            namespace.vectors().put(SPACE, store.point(id, -1));
            return namespace.vectors().delete(SPACE, id) ? 1 : 0;
        });
        calls.put("put a key", () -> namespace.keys().put(store.anyKey(), Bytes.utf8("another value")));
        calls.put("increment a key", () -> namespace.keys().increment("counter", 1));
        calls.put(
                "acquire a permit",
                () -> namespace
                                .limiter(1_000_000, Duration.ofSeconds(1))
                                .tryAcquire("limit")
                                .allowed()
                        ? 1
                        : 0);
        calls.put(
                "append an event",
                () -> namespace
                        .events()
                        .append(EventDraft.of("measured", PropertyMap.of("number", 1)))
                        .commit());
        calls.put(
                "put a document",
                () -> namespace.documents("documents").put(store.anyDocument(), PropertyMap.of("group", -1)));
        calls.put(
                "patch a document",
                () -> namespace.documents("documents").patch(store.anyDocument(), PropertyMap.of("patched", true)));
    }

    private static long count(Stream<?> stream) {
        try (stream) {
            return stream.count();
        }
    }
}
