package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.spi.Backend;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How often each operation waits for the server, counted on the wire. */
class RoundTripTest {
    @Test
    void eachOperationTakesAsManyRoundTripsAsItMust() {
        TestServer server = TestServer.get();
        try (FaultProxy proxy = server.proxy();
                // One connection, so that pgjdbc has met each statement before it is counted.
                ContextDataSource source = ContextDataSource.open(server.through(proxy, TestServer.schema("trips"))
                        + "&poolSize=2&poolIdle=1&jdbc.prepareThreshold=1");
                ContextConnection connection = source.getConnection()) {
            Namespace namespace = connection.namespace("n");
            namespace.vectors().createSpace(VectorSpace.cosine("s", 3));
            Map<String, Long> trips = count(proxy, operations(namespace));

            System.out.println("round trips: " + trips);
            assertThat(trips).isEqualTo(expected());
        }
    }

    /** The namespace is told with the statements that it is for. */
    @Test
    void rowSecurityTakesNoRoundTripsOfItsOwn() throws SQLException {
        TestServer server = TestServer.get();
        try (FaultProxy proxy = server.proxy();
                OrdinaryUser user = OrdinaryUser.of(server, "rlstrips");
                ContextDataSource source = ContextDataSource.open(user.as(server.through(proxy, user.schema()))
                        + "&poolSize=2&poolIdle=1&jdbc.prepareThreshold=1&rls=on");
                ContextConnection connection = source.getConnection()) {
            Namespace namespace = connection.namespace("n");
            namespace.vectors().createSpace(VectorSpace.cosine("s", 3));

            assertThat(count(proxy, operations(namespace))).isEqualTo(expected());
        }
    }

    /** A batch costs no more for its entry, and what is asked of the journal is one question each. */
    @Test
    void theJournalTakesNoRoundTripsOfItsOwn() {
        TestServer server = TestServer.get();
        try (FaultProxy proxy = server.proxy();
                Backend backend = TestServer.open(server.through(proxy, TestServer.schema("journaled"))
                        + "&poolSize=2&poolIdle=1&jdbc.prepareThreshold=1&journal=true")) {
            NamespaceName name = NamespaceName.of("n");
            Journal journal = backend.journal().orElseThrow();
            backend.apply(
                    WriteBatch.of(name, List.of(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 3)))), soon());
            Map<String, Runnable> operations = new LinkedHashMap<>();
            operations.put(
                    "put a key, with a note", () -> note(journal, name, KeyMutation.PutKey.of("k", Bytes.EMPTY)));
            operations.put(
                    "add a point", () -> backend.apply(WriteBatch.of(name, List.of(point(UuidV7.next()))), soon()));
            operations.put("add a point, with a note", () -> note(journal, name, point(UuidV7.next())));
            operations.put("count, with a note", () -> note(journal, name, new KeyMutation.Increment("n", 1)));
            operations.put("read", () -> journal.read(JournalPosition.START, 10, soon()));
            operations.put("entry", () -> journal.entry(name, UuidV7.next(), soon()));
            operations.put(
                    "tail",
                    () -> journal.tail(new ReadScope(name, soon(), CommitToken.NONE), "s", JournalPosition.START, 10));
            operations.put("backlog", () -> journal.backlog(JournalPosition.START, soon()));
            operations.put("points", () -> journal.points(1, List.of(UuidV7.next()), soon()));
            operations.put("versions", () -> journal.versions(1, PageRequest.first(), soon()));
            operations.put("history", () -> journal.history(soon()));
            Map<String, Long> trips = count(proxy, operations);

            System.out.println("round trips of the journal: " + trips);
            Map<String, Long> expected = new LinkedHashMap<>();
            operations.keySet().forEach(operation -> expected.put(operation, 1L));
            expected.put("count, with a note", 2L);
            assertThat(trips).isEqualTo(expected);
        }
    }

    private static void note(Journal journal, NamespaceName name, Mutation mutation) {
        journal.apply(WriteBatch.of(name, List.of(mutation)), Bytes.utf8("note"), soon());
    }

    private static Mutation point(UUID id) {
        return new VectorMutation.PutPoint(
                "s", VectorPoint.builder(id).vector(1, 2, 3).build());
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    /** What is there already cannot be added in one round trip; that is tried less and less. */
    @Test
    void changesOfWhatIsThereTakeTwoRoundTrips() {
        TestServer server = TestServer.get();
        try (FaultProxy proxy = server.proxy();
                ContextDataSource source = ContextDataSource.open(server.through(proxy, TestServer.schema("changes"))
                        + "&poolSize=2&poolIdle=1&jdbc.prepareThreshold=1");
                ContextConnection connection = source.getConnection()) {
            NodeDraft node = NodeDraft.of(NodeContent.builder().build());
            int changes = 128;
            for (int i = 0; i < changes; i++) {
                connection.namespace("n").graph().put(node);
            }
            long before = proxy.turns();
            for (int i = 0; i < changes; i++) {
                connection.namespace("n").graph().put(node);
            }

            // Twice 64 were not tried; the rest is for background work.
            assertThat(proxy.turns() - before).isBetween(2L * changes, 2L * changes + 20);
        }
    }

    private static Map<String, Long> count(FaultProxy proxy, Map<String, Runnable> operations) {
        Map<String, Long> trips = new LinkedHashMap<>();
        // Background work of the first seconds may fall into a count; the least of several is the operation's own.
        for (int round = 0; round < 8; round++) {
            operations.forEach((name, operation) -> {
                long before = proxy.turns();
                operation.run();
                trips.merge(name, proxy.turns() - before, Math::min);
            });
        }
        return trips;
    }

    private static Map<String, Long> expected() {
        Map<String, Long> expected = new LinkedHashMap<>();
        expected.put("get a key", 1L);
        expected.put("put a key", 1L);
        expected.put("100 keys in a batch", 1L);
        expected.put("a memory: node, 2 edges, event, point", 1L);
        expected.put("1,000 nodes in a batch", 1L);
        expected.put("get 100 nodes", 1L);
        expected.put("scan by filter", 1L);
        expected.put("walk of depth 3", 1L);
        expected.put("vector search with filter", 1L);
        expected.put("text search", 1L);
        expected.put("read events", 1L);
        expected.put("find documents", 1L);
        expected.put("ask a limiter", 3L);
        return expected;
    }

    private static Map<String, Runnable> operations(Namespace namespace) {
        List<UUID> chain = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            chain.add(UuidV7.next());
        }
        chain.forEach(id ->
                namespace.graph().put(NodeDraft.of(id, NodeContent.builder().build())));
        for (int i = 1; i < chain.size(); i++) {
            namespace.graph().put(EdgeDraft.of(EdgeContent.of(chain.get(i - 1), "next", chain.get(i))));
        }
        List<UUID> hundred = new ArrayList<>(chain);
        while (hundred.size() < 100) {
            hundred.add(UuidV7.next());
        }
        Map<String, Runnable> operations = new LinkedHashMap<>();
        operations.put("get a key", () -> namespace.keys().get("k"));
        operations.put("put a key", () -> namespace.keys().put("k", Bytes.utf8("v")));
        operations.put("100 keys in a batch", () -> {
            var batch = namespace.batch();
            for (int i = 0; i < 100; i++) {
                batch.put("k" + i, Bytes.utf8("v"));
            }
            batch.apply();
        });
        operations.put("a memory: node, 2 edges, event, point", () -> {
            UUID id = UuidV7.next();
            namespace
                    .batch()
                    .put(NodeDraft.of(
                            id, NodeContent.builder().property("text", "a word").build()))
                    .put(EdgeDraft.of(EdgeContent.of(id, "next", chain.get(0))))
                    .put(EdgeDraft.of(EdgeContent.of(id, "next", chain.get(1))))
                    .append(EventDraft.of("written", PropertyMap.empty()))
                    .put(
                            "s",
                            VectorPoint.builder(id)
                                    .vector(1, 2, 3)
                                    .text("a word")
                                    .build())
                    .apply();
        });
        operations.put("1,000 nodes in a batch", () -> {
            var batch = namespace.batch();
            for (int i = 0; i < 1_000; i++) {
                batch.put(NodeDraft.of(NodeContent.builder().property("i", i).build()));
            }
            batch.apply();
        });
        operations.put("get 100 nodes", () -> namespace.graph().get(hundred));
        operations.put("scan by filter", () -> namespace.graph().scan(NodeQuery.of(Filter.eq(Field.property("i"), 3))));
        operations.put(
                "walk of depth 3",
                () -> namespace
                        .graph()
                        .walk(WalkQuery.from(chain.get(0)).maxDepth(3).build()));
        operations.put(
                "vector search with filter",
                () -> namespace
                        .vectors()
                        .search(VectorQuery.nearest("s", Vector.of(1, 2, 3), 3).where(Filter.not(Filter.label("x")))));
        operations.put("text search", () -> namespace.vectors().searchText(TextQuery.of("s", "word", 3)));
        operations.put("read events", () -> namespace.events().read(EventQuery.after(EventPosition.START, 10)));
        operations.put(
                "find documents",
                () -> assertThat(namespace.documents("c").findAll(Filter.eq(Field.property("a"), 1)))
                        .isEmpty());
        operations.put(
                "ask a limiter",
                () -> namespace.limiter(1_000_000, Duration.ofSeconds(1)).tryAcquire("k"));
        return operations;
    }
}
